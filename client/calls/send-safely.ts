import type { TRPCClient } from '@trpc/client'
import { pause, retryDelay } from '../connection/delay.ts'
import type { Message, Router } from '../contract.ts'
import { SkeinError, skeinErrorOf } from '../skein-error.ts'

/** What to send, and for how long to try. */
export interface SendOptions {
  threadId: string
  /** At most 10,000 characters, not only spaces. */
  text: string
  /**
   * Makes the send one send for ever: the same id gives the same message, whoever repeats it and when. A new one when
   * left out. Letters, digits, `.`, `:`, `_`, `-`; at most 100.
   */
  clientId?: string
  /** Milliseconds after which TIMED_OUT says that no definite answer came. @default 60_000 */
  timeoutMs?: number
  /** Breaks it off; whether the message was kept is then not known. */
  signal?: AbortSignal
}

/** One try may take this long: a server that hangs must not use up the whole time. */
const defaultTryMs = 10_000

/**
 * Sends a message and repeats it, under one clientId, for as long as the outcome is unknown.
 *
 * @param tryMs milliseconds for one try
 * @throws SkeinError with the server's reason when it said no; TIMED_OUT or ABORTED when the outcome is not known (also
 *   when the server knows nobody any more after a try without an answer): the same call with the same `clientId` finds
 *   it out, later too
 */
export async function sendSafely(
  api: TRPCClient<Router>,
  { threadId, text, clientId = newId(), timeoutMs = 60_000, signal }: SendOptions,
  tryMs = defaultTryMs,
): Promise<Message> {
  const deadline = AbortSignal.timeout(timeoutMs)
  const over = signal ? AbortSignal.any([signal, deadline]) : deadline
  for (let failures = 0; ; failures++) {
    try {
      const { message } = await api.messages.send.mutate(
        { threadId, clientId, text },
        { signal: AbortSignal.any([over, AbortSignal.timeout(tryMs)]) },
      )
      return message
    } catch (thrown) {
      const error = skeinErrorOf(thrown)
      const { credentialsRefused } = error
      // After a try without an answer it says nothing of the message.
      if (error.definite || (credentialsRefused && failures === 0)) throw error
      if (over.aborted || credentialsRefused) throw outcomeUnknown(signal, clientId, error)
      const delay = Math.max(retryDelay(failures), (error.retryAfter ?? 0) * 1_000)
      await pause(delay, over).catch(() => {
        throw outcomeUnknown(signal, clientId, error)
      })
    }
  }
}

function outcomeUnknown(
  signal: AbortSignal | undefined,
  clientId: string,
  cause: SkeinError,
): SkeinError {
  const words = `Whether the message was kept is not known. Send it again with clientId ${clientId}.`
  if (signal?.aborted) return new SkeinError('ABORTED', `Broken off. ${words}`, { cause })
  return new SkeinError('TIMED_OUT', `${cause.message} ${words}`, { cause })
}

/** Browsers have no randomUUID on plain http. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
