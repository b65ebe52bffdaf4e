import type { AppError } from '../../errors.ts'
import type { Commit, Trx } from '../../log/commit.ts'
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

export interface PostboxOptions {
  /** So many are posted as if each were new and allowed; fewer cost less when they are told apart (docs/decisions/021). */
  manyFrom?: number
  /** Milliseconds for which batches are told apart after one in which that was not so: others may follow. */
  carefulFor?: number
}

export function createPostbox(
  commit: Commit,
  { manyFrom = 64, carefulFor = 1_000 }: PostboxOptions = {},
): Postbox {
  let carefulUntil = -Infinity

  async function post(
    trx: Trx,
    sends: readonly Send[],
    lockTimeout?: number,
  ): Promise<(Message | AppError)[]> {
    if (sends.length >= manyFrom && performance.now() >= carefulUntil) {
      const messages = await postFresh(trx, sends, lockTimeout)
      if (messages) return messages
      carefulUntil = performance.now() + carefulFor
    }
    return sendMessages(trx, sends, lockTimeout)
  }

  const posting = createGroupCommit({
    commit: (work) => commit(work, { oneStatement: true }),
    work: post,
    laneOf: (send: Send) => send.threadId,
  })
  return { send: (send) => posting.add(send), close: () => posting.close() }
}
