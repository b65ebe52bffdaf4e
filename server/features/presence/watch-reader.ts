import type { Actor } from '../../context.ts'
import type { Hub } from '../../log/hub.ts'
import type { StreamListener } from '../../log/watched-stream.ts'
import { credentialEnded } from '../accounts/credential-ended.ts'
import type { HintReader } from './hint-readers.ts'

/** Keeps a reader's threads as they are, and ends it with the session it lives by. */
export function watchReader(
  { hub, findThreads }: { hub: Hub; findThreads: (userId: string) => Promise<readonly string[]> },
  actor: Actor,
  { queue, threads }: HintReader,
): { ready: Promise<void>; stop(): void } {
  /** Threads whose last word was heard while they were being looked up: what was found may be older. */
  let heard: Set<string> | null = new Set()
  const listener: StreamListener = {
    hear({ event }) {
      if (event.type === 'participation.started') {
        heard?.add(event.payload.thread.id)
        threads.add(event.payload.thread.id)
      } else if (event.type === 'participation.ended') {
        heard?.add(event.payload.threadId)
        threads.delete(event.payload.threadId)
      }
      const over = credentialEnded(actor, event)
      if (over) queue.end(over)
    },
  }

  async function begin(): Promise<void> {
    await hub.watch(actor.id, listener).ready
    for (const threadId of await findThreads(actor.id))
      if (!heard?.has(threadId)) threads.add(threadId)
    heard = null
  }

  return { ready: begin(), stop: () => hub.unwatch(actor.id, listener) }
}
