import { clsx } from 'clsx'
import { memo } from 'react'
import { strings } from '~/lib/strings.ts'
import { Avatar } from '~/ui/avatar.tsx'
import { Badge } from '~/ui/badge.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { EditForm } from './edit-form.tsx'
import { Markdown } from './markdown.tsx'
import { MessageToolbar } from './message-toolbar.tsx'
import { SendingState } from './sending-state.tsx'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

export interface MessageItemProps {
  row: MessageRow
  viewer: { id: string; handle: string }
  /** Touched by pointer or keyboard: its actions are there. */
  active: boolean
  /** The list's one Tab stop. */
  focusable: boolean
  editing: boolean
  /** What a permalink led to. */
  highlighted: boolean
  /** Nothing can be changed here. */
  readOnly: boolean
  actions: MessageActions
}

/** One message. */
export const MessageItem = memo(function MessageItem({
  row,
  viewer,
  active,
  focusable,
  editing,
  highlighted,
  readOnly,
  actions,
}: MessageItemProps) {
  const { message, pending, author, continued } = row
  const deleted = Boolean(message?.deletedAt)
  return (
    <li
      data-row
      data-message={row.key}
      data-message-id={message?.id}
      data-seq={message?.seq}
      tabIndex={focusable ? 0 : -1}
      className={clsx(
        'group relative flex scroll-my-16 gap-3 px-4 -outline-offset-2 sm:px-5',
        continued ? 'py-0.5' : 'pt-2 pb-0.5',
        active && 'bg-hover',
        highlighted && 'message-highlight',
      )}
    >
      <div className="flex w-9 shrink-0 justify-center">
        {continued ? (
          <Timestamp
            at={row.at}
            className="pt-1 text-2xs whitespace-nowrap text-ink-faint opacity-0 tabular-nums group-hover:opacity-100 group-focus-visible:opacity-100"
          />
        ) : (
          <Avatar id={author.id} name={author.name} />
        )}
      </div>
      <div className="max-w-[50rem] min-w-0 flex-1">
        <p className={continued ? 'sr-only' : 'flex items-baseline gap-2'}>
          <span className="truncate font-semibold" dir="auto">
            {author.name}
          </span>
          {author.kind === 'bot' ? <Badge>{strings.messages.bot}</Badge> : null}
          {continued ? null : (
            <Timestamp at={row.at} className="shrink-0 text-xs text-ink-faint tabular-nums" />
          )}
        </p>
        {editing && message ? (
          <EditForm row={row} actions={actions} />
        ) : deleted ? (
          <p className="text-ink-faint italic">{strings.messages.deleted}</p>
        ) : (
          <div className={pending ? 'opacity-60' : undefined}>
            <Markdown text={row.text} viewerHandle={viewer.handle} />
          </div>
        )}
        {message?.editedAt && !deleted ? (
          <button
            type="button"
            aria-label={strings.messages.editedLabel}
            tabIndex={active ? 0 : -1}
            className="-ms-1 inline-flex min-h-6 items-center rounded-sm px-1 text-xs text-ink-faint hover:text-ink hover:underline"
            onClick={() => actions.showHistory(row)}
          >
            {strings.messages.edited}
          </button>
        ) : null}
        {pending ? <SendingState row={row} pending={pending} actions={actions} /> : null}
      </div>
      {active && message && !deleted && !editing ? (
        <MessageToolbar
          row={row}
          mine={author.id === viewer.id}
          readOnly={readOnly}
          actions={actions}
        />
      ) : null}
    </li>
  )
})
