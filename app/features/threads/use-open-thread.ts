import { useCallback, useEffect, useState } from 'react'
import { SkeinError } from '../../../client/index.ts'
import { messageOf } from '~/lib/message-of.ts'
import type { Session } from '../shell/session.ts'

export type Opening =
  { type: 'open' } | { type: 'opening' } | { type: 'failed'; why: string } | { type: 'missing' }

/** Sees to it that the thread and the messages to begin with are loaded. */
export function useOpenThread(
  session: Session,
  threadId: string,
  messageId: string | null,
): { opening: Opening; retry: () => void } {
  const [opening, setOpening] = useState<Opening>(() =>
    isLoaded(session, threadId, messageId) ? { type: 'open' } : { type: 'opening' },
  )
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (isLoaded(session, threadId, messageId)) return
    let left = false
    load(session, threadId, messageId).then(
      () => {
        if (!left) setOpening({ type: 'open' })
      },
      (error: unknown) => {
        if (left) return
        const status = error instanceof SkeinError ? error.status : undefined
        const missing = status === 404 || status === 400
        setOpening(missing ? { type: 'missing' } : { type: 'failed', why: messageOf(error) })
      },
    )
    return () => {
      left = true
    }
  }, [session, threadId, messageId, tries])
  const retry = useCallback(() => {
    setOpening({ type: 'opening' })
    setTries((count) => count + 1)
  }, [])
  return { opening, retry }
}

function isLoaded(session: Session, threadId: string, messageId: string | null): boolean {
  const { threads, timelines } = session.live.get()
  const timeline = timelines[threadId]
  if (!threads[threadId] || !timeline) return false
  return messageId === null || timeline.messages.some((message) => message.id === messageId)
}

async function load(session: Session, threadId: string, messageId: string | null): Promise<void> {
  const known = session.live.get().threads[threadId]
  const thread = known ?? (await session.client.readThread(threadId))
  if (messageId === null) {
    const around = thread.unread > 25 ? thread.readSeq : undefined
    return session.client.openThread(threadId, around)
  }
  const { message } = await session.api.messages.get.query({ messageId })
  await session.client.openThread(threadId, message.seq)
}
