import { setTimeout as sleep } from 'node:timers/promises'
import { deliveriesOf, percentile } from '../check/delays.ts'
import { asClient } from '../crowd/habits.ts'
import type { Fault } from '../fault.ts'
import type { Bucket } from '../parts/instance.ts'
import { backTimes, type Cut } from './back-times.ts'

const quietMs = 8_000
const lag = 'skein_event_loop_lag_seconds'

/** Everyone loses the connection in one moment, and there is one instance to come back to; and once more. */
export const stampede: Fault = {
  name: 'stampede',
  title: '1,000 sockets dropped at once onto one instance, twice',
  inShort: false,
  async run(stage) {
    const { world } = stage
    const [first, second] = world.instances
    if (!first || !second) throw new Error('this takes two instances')
    world.doors.open = [first]
    const size = { people: stage.scale(100, 20), devices: 10, threads: 50, members: 3 }
    const scene = await stage.openScene({ ...size, messagesPerSecond: 50, habits: asClient })
    const begin = Date.now()
    await sleep(quietMs)
    const cuts: Cut[] = []
    const lags: number[] = []
    for (const [old, next] of [
      [first, second],
      [second, first],
    ] as const) {
      const before = await next.buckets(lag)
      world.doors.open = [next]
      cuts.push({ at: Date.now(), devices: scene.devicesAt(old.name) })
      old.links.edge.reset()
      await sleep(15_000)
      lags.push(lagWithin(0.99, before, await next.buckets(lag)))
      await sleep(15_000)
    }
    const settled = Date.now()
    await sleep(quietMs)
    world.openDoors()
    const { history, clients } = await stage.endScene(scene)

    const times = backTimes(cuts, history)
    const deliveries = deliveriesOf(history, clients)
    const delays = (from: number) =>
      deliveries
        .filter(({ committedAt }) => committedAt >= from && committedAt < from + quietMs)
        .map(({ delay }) => delay)
    const [calm, later] = [delays(begin), delays(settled)]
    stage.atLeast('sockets dropped, both times together', times.length, stage.scale(2_000, 400))
    stage.atMost('slowest of them to be back with everything', percentile(times, 1), 15_000)
    stage.atMost('event-loop lag, p99', Math.max(...lags) * 1_000, 250)
    stage.atLeast('deliveries before', calm.length, 100)
    stage.atLeast('deliveries 30 s after', later.length, 100)
    // Twice the baseline counts as the baseline: other programs share this machine.
    const slower = percentile(later, 0.5) / percentile(calm, 0.5)
    stage.atMost('delivery 30 s after, p50, in baselines', slower, 2, 'times')
  },
}

/** The least bound within which so large a share of what was counted between the two is. */
function lagWithin(share: number, before: readonly Bucket[], after: readonly Bucket[]): number {
  const counts = after.map(({ count }, i) => count - (before[i]?.count ?? 0))
  const all = counts.at(-1) ?? 0
  if (all === 0) throw new Error('nobody looked at the event loop')
  return after[counts.findIndex((count) => count >= share * all)]?.bound ?? Infinity
}
