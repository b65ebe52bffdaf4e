import { CircleDot, Copy, History, Trash2 } from 'lucide-react'
import { strings } from '~/lib/strings.ts'
import { DropdownMenu, MenuItem, MenuSeparator } from '~/ui/dropdown-menu.tsx'
import { MoreButton } from './more-button.tsx'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

export interface MessageMenuProps {
  row: MessageRow
  /** Mine, in a thread where I may write. */
  changeable: boolean
  actions: MessageActions
}

/** The rest of what can be done with a message. */
export default function MessageMenu({ row, changeable, actions }: MessageMenuProps) {
  const words = strings.messages.actions
  return (
    <DropdownMenu defaultOpen trigger={<MoreButton />}>
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
  )
}
