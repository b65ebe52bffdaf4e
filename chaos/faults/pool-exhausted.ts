import { setTimeout as sleep } from 'node:timers/promises'
import { httpCall, type HttpAnswer } from '../crowd/http-call.ts'
import type { Scene } from '../crowd/scene.ts'
import type { Stage } from '../fault.ts'

/** How long every connection is kept busy. */
const heldMs = 5_000
/** Connections of one instance, as the world sets it. */
const poolSize = 10

/**
 * Somebody holds the table that every read of a thread needs: calls keep their connections until none is left.
 * Whoever comes then must be told so within 2 s. Those that hold a connection wait for the lock, not for the pool.
 */
export async function exhaustPool(stage: Stage, scene: Scene): Promise<void> {
  const { world } = stage
  const [instance] = world.instances
  const thread = scene.cast.threads[0]
  if (!instance || !thread) throw new Error('there is no instance, or no thread')
  const { token } = thread.owner
  const call = (path: 'threads.get' | 'messages.list') =>
    httpCall({
      port: instance.port,
      token,
      path,
      input: { threadId: thread.id },
      method: 'GET',
      patienceMs: heldMs + 10_000,
    })
  scene.load.pause()
  const answers = await world.postgres.run(async (client) => {
    await client.query('begin; lock table participants in access exclusive mode')
    const held = Date.now()
    const holders = Array.from({ length: poolSize * 2 }, () => call('threads.get'))
    await sleep(1_000)
    const late: Promise<HttpAnswer>[] = []
    for (let number = 1; number <= 10; number++) {
      // Pages share a few connections, and wait for each other first.
      late.push(call(number % 2 === 0 ? 'messages.list' : 'threads.get'))
      await sleep(200)
    }
    await sleep(held + heldMs - Date.now())
    await client.query('rollback')
    await Promise.all(holders)
    return Promise.all(late)
  })
  scene.load.resume()
  const busy = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== null)
  stage.exactly('pool exhausted: calls that were told 503 with Retry-After', busy.length, 10)
  const slowest = Math.max(...answers.map(({ took }) => took))
  stage.atMost('pool exhausted: slowest answer', slowest, 2_000)
}
