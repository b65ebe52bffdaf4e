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
  /** Milliseconds after which TIMED_OUT says that no definite answer came; Infinity is weeks. @default 60_000 */
  timeoutMs?: number
  /** Breaks it off; whether the message was kept is then not known. */
  signal?: AbortSignal
}

/** One try may take this long: a server that hangs must not use up the whole time. */
const defaultTryMs = 10_000
/** A timer that is to wait for longer fires at once. */
const longestTimerMs = 2 ** 31 - 1

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
  return within(timeoutMs, signal, async (over) => {
    for (let failures = 0; ; failures++) {
      try {
        const input = { threadId, clientId, text }
        const { message } = await within(tryMs, over, async (ended) =>
          api.messages.send.mutate(input, { signal: ended }),
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
  })
}

/**
 * Runs it with a signal that is aborted after so many milliseconds, or with the outer one. Not by AbortSignal.timeout,
 * whose timers outlive what they were for, nor by AbortSignal.any, behind which Node may forget them
 * (https://github.com/nodejs/node/issues/57736).
 */
async function within<Value>(
  ms: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, Math.min(ms, longestTimerMs))
  outer?.addEventListener('abort', stop)
  if (outer?.aborted) stop()
  try {
    return await run(controller.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', stop)
  }
}

function outcomeUnknown(
  signal: AbortSignal | undefined,
  clientId: string,
  cause: SkeinError,
): SkeinError {
  const words = `Whether the message was kept is not known. Send it again with clientId ${clientId}.`
  if (signal?.aborted) return new SkeinError('ABORTED', `Broken off. ${words}`, { cause })
  const why = cause.reason === 'ABORTED' ? 'No answer in time.' : cause.message
  return new SkeinError('TIMED_OUT', `${why} ${words}`, { cause })
}

/** Browsers have no randomUUID on plain http. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
