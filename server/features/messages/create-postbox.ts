import type { AppError } from '../../errors.ts'
import { attemptFirst } from '../../log/attempt-first.ts'
import type { Commit } from '../../log/commit.ts'
import { createGroupCommit } from '../../log/group-commit.ts'
import type { Message } from './messages.schema.ts'
import { postFresh } from './post-fresh.ts'
import { sendMessages } from './send-messages.ts'
import type { Send } from './send.ts'

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

/** So many are posted as if each were new and allowed; fewer cost less when they are told apart (docs/decisions/021). */
export const crowdFrom = 64

export interface PostboxOptions {
  /** Messages that are a crowd. */
  manyFrom?: number
  /** Milliseconds for which batches are told apart after one in which that was not so: others may follow. */
  carefulFor?: number
}

export function createPostbox(
  commit: Commit,
  { manyFrom = crowdFrom, carefulFor = 1_000 }: PostboxOptions = {},
): Postbox {
  const postMany = attemptFirst<Parameters<typeof sendMessages>, (Message | AppError)[]>(
    postFresh,
    sendMessages,
    carefulFor,
  )
  const posting = createGroupCommit({
    commit: (work) => commit(work, { oneStatement: true }),
    work: (trx, sends: readonly Send[], lockTimeout) =>
      (sends.length >= manyFrom ? postMany : sendMessages)(trx, sends, lockTimeout),
    laneOf: (send: Send) => send.threadId,
  })
  return { send: (send) => posting.add(send), close: () => posting.close() }
}
