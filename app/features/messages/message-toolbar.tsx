import { CircleDot, Copy, Ellipsis, History, Link2, Pencil, Trash2 } from 'lucide-react'
import { strings } from '~/lib/strings.ts'
import { DropdownMenu, MenuItem, MenuSeparator } from '~/ui/dropdown-menu.tsx'
import { IconButton } from '~/ui/icon-button.tsx'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

export interface MessageToolbarProps {
  row: MessageRow
  mine: boolean
  readOnly: boolean
  actions: MessageActions
}

/** What can be done with the message under the pointer or the focus. */
export function MessageToolbar({ row, mine, readOnly, actions }: MessageToolbarProps) {
  const words = strings.messages.actions
  const changeable = mine && !readOnly
  return (
    <div
      data-actions
      role="toolbar"
      aria-label={words.label(row.author.name)}
      className="absolute -top-3.5 end-4 z-10 flex rounded-md border border-line bg-raised p-0.5 shadow-lift"
    >
      {changeable ? (
        <IconButton size="sm" label={words.edit} onClick={() => actions.edit(row)}>
          <Pencil aria-hidden="true" className="size-4" />
        </IconButton>
      ) : null}
      <IconButton size="sm" label={words.copyLink} onClick={() => actions.copyLink(row)}>
        <Link2 aria-hidden="true" className="size-4" />
      </IconButton>
      <DropdownMenu
        trigger={
          <button
            type="button"
            aria-label={words.more}
            className="inline-flex size-7 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
          >
            <Ellipsis aria-hidden="true" className="size-4" />
          </button>
        }
      >
        <MenuItem icon={<Copy />} onSelect={() => actions.copyText(row)}>
          {words.copyText}
        </MenuItem>
        <MenuItem icon={<CircleDot />} onSelect={() => actions.markUnread(row)}>
          {words.markUnread}
        </MenuItem>
        {row.message?.editedAt ? (
          <MenuItem icon={<History />} onSelect={() => actions.showHistory(row)}>
            {words.history}
          </MenuItem>
        ) : null}
        {changeable ? (
          <>
            <MenuSeparator />
            <MenuItem icon={<Trash2 />} tone="danger" onSelect={() => actions.remove(row)}>
              {words.delete}
            </MenuItem>
          </>
        ) : null}
      </DropdownMenu>
    </div>
  )
}
