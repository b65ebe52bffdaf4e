import { useMemo } from 'react'
import { messageOf } from '~/lib/message-of.ts'
import { paths } from '~/lib/paths.ts'
import { reportFailure } from '~/lib/report-failure.ts'
import { strings } from '~/lib/strings.ts'
import { useNotify } from '~/ui/notices.tsx'
import { useSession } from '../shell/session-context.tsx'
import { undoMs } from './deletions.ts'
import type { MessageRow } from './timeline-rows.ts'

/** Everything that can be done with a message of the timeline. */
export interface MessageActions {
  edit: (row: MessageRow) => void
  stopEditing: () => void
  save: (row: MessageRow, text: string) => Promise<void>
  remove: (row: MessageRow) => void
  copyText: (row: MessageRow) => void
  copyLink: (row: MessageRow) => void
  markUnread: (row: MessageRow) => void
  showHistory: (row: MessageRow) => void
  retry: (row: MessageRow) => void
}

export interface MessageActionsInput {
  threadId: string
  setEditing: (key: string | null) => void
  setHistory: (messageId: string) => void
  onMarkedUnread: (seq: number) => void
}

export function useMessageActions({
  threadId,
  setEditing,
  setHistory,
  onMarkedUnread,
}: MessageActionsInput): MessageActions {
  const session = useSession()
  const notify = useNotify()
  return useMemo(() => {
    const text = strings.messages
    const copy = (value: string) => {
      navigator.clipboard.writeText(value).then(() => notify({ text: text.copied }), reportFailure)
    }
    return {
      edit: (row) => setEditing(row.key),
      stopEditing: () => setEditing(null),
      async save(row, next) {
        if (!row.message) return
        const { message } = await session.api.messages.edit.mutate({
          messageId: row.message.id,
          text: next,
        })
        session.settle(message)
      },
      remove(row) {
        if (row.pending) session.outbox.remove(row.pending.clientId)
        const messageId = row.message?.id
        if (!messageId) return
        const withdraw = notify({
          text: text.deletedNotice,
          lasts: undoMs,
          action: { label: text.undo, run: () => session.deletions.undo(messageId) },
        })
        session.deletions.start(messageId, (error) => {
          withdraw()
          notify({ text: text.deleteFailed(messageOf(error)) })
        })
      },
      copyText: (row) => copy(row.text),
      copyLink(row) {
        if (row.message) copy(location.origin + paths.message(threadId, row.message.id))
      },
      markUnread(row) {
        if (!row.message) return
        onMarkedUnread(row.message.seq)
        session.markUnread(threadId, row.message.seq)
      },
      showHistory(row) {
        if (row.message) setHistory(row.message.id)
      },
      retry(row) {
        if (row.pending) session.outbox.retry(row.pending.clientId)
      },
    }
  }, [session, notify, threadId, setEditing, setHistory, onMarkedUnread])
}
