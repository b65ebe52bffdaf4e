import type { Commit } from '../../log/commit.ts'
import { createGroupCommit } from '../../log/group-commit.ts'
import { sendMessages, type Send } from './send-messages.ts'
import type { Message } from './messages.schema.ts'

/** Where this instance's messages are posted: those that come at the same time go together. */
export interface Postbox {
  /**
   * Resolves after COMMIT; sends of one person to one thread are posted in the order of the calls.
   * @throws AppError THREAD_NOT_FOUND, THREAD_ARCHIVED, CLIENT_ID_REUSED; BUSY when too many wait
   */
  send(send: Send): Promise<Message>
  /** Takes no more, and waits for what was taken. */
  close(): Promise<void>
}

export function createPostbox(commit: Commit): Postbox {
  const posting = createGroupCommit({
    commit: (work) => commit(work, { oneStatement: true }),
    work: sendMessages,
    laneOf: (send: Send) => send.threadId,
  })
  return { send: (send) => posting.add(send), close: () => posting.close() }
}
