import { CircleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'
import { useConnection } from '../shell/use-connection.ts'
import type { PendingMessage } from './outbox.ts'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

export interface SendingStateProps {
  row: MessageRow
  pending: PendingMessage
  actions: MessageActions
}

/** Where a message of mine is on its way; quiet while it is quick. */
export function SendingState({ row, pending, actions }: SendingStateProps) {
  const { states, actions: words } = strings.messages
  if (pending.state === 'failed') {
    return (
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-danger-ink">
        <CircleAlert aria-hidden="true" className="size-4" />
        <span role="alert">
          {states.failed} {pending.problem}
        </span>
        <Button size="sm" variant="quiet" onClick={() => actions.retry(row)}>
          {words.retry}
        </Button>
        <Button size="sm" variant="quiet" onClick={() => actions.copyText(row)}>
          {words.copy}
        </Button>
        <Button size="sm" variant="quiet" onClick={() => actions.remove(row)}>
          {words.delete}
        </Button>
      </div>
    )
  }
  return <Sending />
}

function Sending() {
  const { type } = useConnection()
  const open = type === 'live' || type === 'catching-up'
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 400)
    return () => clearTimeout(timer)
  }, [])
  const { sending, waiting } = strings.messages.states
  return slow ? <p className="text-xs text-ink-faint">{open ? sending : waiting}</p> : null
}
