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
  const listener: StreamListener = {
    hear({ event }) {
      if (event.type === 'participation.started') threads.add(event.payload.thread.id)
      else if (event.type === 'participation.ended') threads.delete(event.payload.threadId)
      const over = credentialEnded(actor, event)
      if (over) queue.end(over)
    },
  }

  async function begin(): Promise<void> {
    await hub.watch(actor.id, listener).ready
    for (const threadId of await findThreads(actor.id)) threads.add(threadId)
  }

  return { ready: begin(), stop: () => hub.unwatch(actor.id, listener) }
}
