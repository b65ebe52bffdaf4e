import { Link2, Pencil } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { strings } from '~/lib/strings.ts'
import { IconButton } from '~/ui/icon-button.tsx'
import { MoreButton } from './more-button.tsx'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

const MessageMenu = lazy(() => import('./message-menu.tsx'))

export interface MessageToolbarProps {
  row: MessageRow
  mine: boolean
  readOnly: boolean
  actions: MessageActions
}

/** What can be done with the message under the pointer or the focus. */
export function MessageToolbar({ row, mine, readOnly, actions }: MessageToolbarProps) {
  const words = strings.messages.actions
  // The menu is loaded on use: most messages are only read.
  const [wanted, setWanted] = useState(false)
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
      {wanted ? (
        <Suspense fallback={<MoreButton />}>
          <MessageMenu row={row} changeable={changeable} actions={actions} />
        </Suspense>
      ) : (
        <MoreButton onClick={() => setWanted(true)} />
      )}
    </div>
  )
}
