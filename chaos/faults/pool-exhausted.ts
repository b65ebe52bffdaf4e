import { setTimeout as sleep } from 'node:timers/promises'
import { httpCall, type HttpAnswer } from '../crowd/http-call.ts'
import type { Scene } from '../crowd/scene.ts'
import type { Stage } from '../fault.ts'

/** How long every connection is kept busy. */
const heldMs = 5_000
/** Those that come in the last of it may still be served. */
const lastMs = 2_500
/** Connections of one instance, as the world sets it. */
const poolSize = 10
/** So many calls come at once, so often: more than connections get free again, since whoever has one waits for the lock. */
const atOnce = 3
const everyMs = 100

/**
 * Somebody holds the table that every read of a thread needs: calls keep their connections until none is left, and
 * others come all the time who wait for one. Every one of them must be told so within 2 s.
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
  const calls: Promise<HttpAnswer>[] = []
  /** How many waited for a connection whenever more came. */
  const waiting: number[] = []
  scene.load.pause()
  await world.postgres.run(async (client) => {
    await client.query('begin; lock table participants in access exclusive mode')
    const held = Date.now()
    for (let number = 1; number <= poolSize * 2; number++) calls.push(call('threads.get'))
    await sleep(500)
    while (Date.now() < held + heldMs - lastMs) {
      waiting.push(await instance.metric('skein_database_pool_waiting'))
      for (let number = 1; number < atOnce; number++) calls.push(call('threads.get'))
      // Pages share a few connections, and wait for each other first.
      calls.push(call('messages.list'))
      await sleep(everyMs)
    }
    await sleep(held + heldMs - Date.now())
    await client.query('rollback')
  })
  const answers = await Promise.all(calls)
  scene.load.resume()
  const told = answers.filter(({ status, retryAfter }) => status === 503 && retryAfter !== null)
  stage.atLeast('pool exhausted: waited for a connection at any time', Math.min(...waiting), 1)
  stage.exactly(
    'pool exhausted: calls not told 503 with Retry-After',
    answers.length - told.length,
    0,
  )
  const slowest = Math.max(...answers.map(({ took }) => took))
  stage.atMost(`pool exhausted: slowest answer of ${answers.length}`, slowest, 2_000)
}
