import type { PersonStatus } from '../../../server/features/people/people.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Button } from '~/ui/button.tsx'
import { Select } from '~/ui/select.tsx'
import { TextField } from '~/ui/text-field.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { StatusText } from './status-text.tsx'
import { statusEnds } from './status-until.ts'

/** What I am up to: one of the usual things by one click, or in words of my own, until a time of my choice. */
export function StatusForm({ status }: { status: PersonStatus | null }) {
  const set = useFormState('status')
  const suggested = useFormState('suggested-status')
  const clear = useFormState('clear-status')
  const text = strings.people.status
  return (
    <div className="flex flex-col gap-5">
      <ActionForm state={clear}>
        <div className="flex min-h-10 flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken px-3.5 py-2">
          <p className="min-w-0 text-sm" role="status">
            {status ? (
              <>
                <StatusText status={status} className="font-semibold" />
                {status.until ? (
                  <span className="text-ink-soft">
                    {' '}
                    {strings.people.profile.until} <Timestamp at={status.until} show="day" />{' '}
                    <Timestamp at={status.until} />
                  </span>
                ) : null}
              </>
            ) : (
              <span className="text-ink-soft">{text.none}</span>
            )}
          </p>
          {status ? (
            <Button type="submit" size="sm">
              {text.clear}
            </Button>
          ) : null}
        </div>
      </ActionForm>
      <ActionForm state={suggested} aria-label={text.suggestions}>
        <div className="flex flex-wrap gap-2">
          {text.suggested.map(({ key, emoji, text: words, until }) => (
            <Button
              key={key}
              type="submit"
              name="suggestion"
              value={key}
              size="sm"
              className="rounded-full font-medium"
              title={text.untils[until as keyof typeof text.untils]}
            >
              <span aria-hidden="true">{emoji}</span>
              {words}
            </Button>
          ))}
        </div>
      </ActionForm>
      <ActionForm state={set} resets className="flex flex-col gap-4">
        <div className="grid grid-cols-[5rem_1fr] items-start gap-3 sm:grid-cols-[5rem_1fr_14rem]">
          <TextField
            label={text.emoji}
            name="emoji"
            maxLength={16}
            autoComplete="off"
            defaultValue={set.value('emoji')}
            error={set.error('emoji')}
          />
          <TextField
            label={text.text}
            name="text"
            maxLength={100}
            autoComplete="off"
            dir="auto"
            defaultValue={set.value('text')}
            error={set.error('text')}
          />
          <Select
            label={text.until}
            name="until"
            className="max-sm:col-span-2"
            defaultValue={set.value('until') ?? 'never'}
            options={statusEnds.map((end) => ({ value: end, label: text.untils[end] }))}
          />
        </div>
        <Submit state={set} pendingText={text.setting} doneText={text.isSet} variant="secondary">
          {text.set}
        </Submit>
      </ActionForm>
    </div>
  )
}
