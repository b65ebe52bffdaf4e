import { Link } from '@remix-run/react'
import { Hash } from 'lucide-react'
import type { BrowsePage } from '../../../server/features/threads/threads.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Badge } from '~/ui/badge.tsx'
import { Button } from '~/ui/button.tsx'
import { RelativeTime } from '~/ui/relative-time.tsx'

/** One open thread: what it is about, and the way in. */
export function OpenThreadRow({ thread }: { thread: BrowsePage['threads'][number] }) {
  const { id, topic, participants, activeAt, joined } = thread
  const title = thread.title ?? ''
  const state = useFormState('join', { name: 'threadId', value: id })
  const text = strings.places.browse
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-4">
      <span
        aria-hidden="true"
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg bg-accent-wash text-accent-ink"
      >
        <Hash className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <h2 className="flex flex-wrap items-center gap-2 leading-snug font-semibold">
          <span className="min-w-0 break-words" dir="auto">
            {title}
          </span>
          {joined ? <Badge tone="accent">{text.joined}</Badge> : null}
        </h2>
        {topic ? (
          <p className="line-clamp-2 text-sm text-ink-soft" dir="auto">
            {topic}
          </p>
        ) : null}
        <p className="text-sm text-ink-faint">
          {text.participants(participants)} · {text.active} <RelativeTime at={activeAt} />
        </p>
      </div>
      {joined ? (
        <Button asChild size="sm">
          <Link to={paths.thread(id)} aria-label={text.openNamed(title)}>
            {text.go}
          </Link>
        </Button>
      ) : (
        <ActionForm state={state}>
          <input type="hidden" name="threadId" value={id} />
          <Submit
            state={state}
            variant="secondary"
            size="sm"
            pendingText={text.joining}
            doneText={null}
            aria-label={text.joinNamed(title)}
          >
            {text.join}
          </Submit>
        </ActionForm>
      )}
    </li>
  )
}
