/** Rows 1 to 3: one thread, everybody follows it, one sender: ten messages in flight, or one every quarter second. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../generator/connection.ts'
import type { Ground } from '../ground/ground.ts'
import { world } from '../targets/target.ts'
import { measure, type Measured } from './measure.ts'
import type { Stage } from './stage.ts'
import { within } from './within.ts'

const patienceMs = 60_000

/** Posts one message. Resolves when it is acknowledged and every subscriber has it. */
async function postToAll(stage: Stage, from: Connection, sender: number): Promise<void> {
  const { text, seenByAll } = stage.ledger.post(sender)
  await Promise.all([from.post(world.largeThread, text), seenByAll])
}

/** Keeps `inFlight` messages on their way: a message is in flight until the last subscriber has it. */
export function burst(
  ground: Ground,
  stage: Stage,
  from: Connection,
  { sender, messages, inFlight }: { sender: number; messages: number; inFlight: number },
): Promise<Measured> {
  let left = messages
  return measure(ground, stage, async () => {
    const posts = Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await postToAll(stage, from, sender)
    })
    await within(patienceMs, `a burst on ${stage.target.name}`, Promise.all(posts))
  })
}

/** One message every so often, whether the one before has arrived everywhere or not. */
export function steady(
  ground: Ground,
  stage: Stage,
  from: Connection,
  { sender, messages, everyMs }: { sender: number; messages: number; everyMs: number },
): Promise<Measured> {
  return measure(ground, stage, async () => {
    const posts: Promise<void>[] = []
    for (let n = 0; n < messages; n++) {
      posts.push(postToAll(stage, from, sender))
      await sleep(everyMs)
    }
    await within(patienceMs, `steady sending on ${stage.target.name}`, Promise.all(posts))
  })
}
