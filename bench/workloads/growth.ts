/**
 * Row 8, Skein alone: what a message costs when something grows tenfold. Ten messages in flight over all threads; the
 * cost is to be linear in deliveries and flat in everything else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ground } from '../ground/ground.ts'
import { cpuSeconds, familySeconds } from '../ground/process-usage.ts'
import { world } from '../targets/target.ts'
import { prepareSkein } from '../targets/skein/skein.ts'
import { openFleet, openStage, refuseDefects, refuseLosses } from './stage.ts'
import { within } from './within.ts'

interface Shape {
  threads: number
  members: number
  history: number
  instances: number
}

const base: Shape = { threads: 20, members: 5, history: 100_000, instances: 1 }

export const shapes: Readonly<Record<string, Shape>> = {
  'to begin with': base,
  'threads (and people) × 10': { ...base, threads: 10 * base.threads },
  'members of a thread × 10': { ...base, members: 10 * base.members },
  'history × 10': { ...base, history: 10 * base.history },
  'instances × 10': { ...base, instances: 10 * base.instances },
}

export interface GrowthResult {
  /** µs of CPU per message. */
  serverMicros: number
  postgresMicros: number
  /** µs of CPU of the servers per delivery. */
  deliveryMicros: number
  messagesPerSecond: number
}

const inFlight = 10
const warmUpMs = 1_500
const patienceMs = 30_000

export async function grow(
  ground: Ground,
  { threads, members, history, instances }: Shape,
  { round, forMs }: { round: number; forMs: number },
): Promise<GrowthResult> {
  await using opened = new AsyncDisposableStack()
  const target = await prepareSkein(
    { ground, historyMessages: history, suffix: `_growth_${round}` },
    {
      people: threads * members,
      smallThreads: threads,
      membersOfSmall: members,
      historyInLog: true,
    },
  )
  const stage = await openStage(opened, target, { instances })
  const { ledger, pids } = stage
  const fleet = await openFleet(opened, stage, {
    size: threads * members,
    person: (subscriber) => subscriber,
    threads: (subscriber) => [world.firstSmallThread + Math.floor(subscriber / members)],
  })
  const everyone = fleet.map((_, subscriber) => subscriber)
  const senders = Array.from({ length: threads }, (_, thread) =>
    ledger.addSender(everyone.slice(thread * members, (thread + 1) * members)),
  )
  let isOver = false
  let done = 0
  let next = 0
  const loops = Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (!isOver) {
        const thread = next++ % threads
        const { text, seenByAll } = ledger.post(senders[thread] ?? 0)
        await Promise.all([
          fleet[thread * members]?.post(world.firstSmallThread + thread, text),
          seenByAll,
        ])
        done++
      }
    }),
  )
  await Promise.race([sleep(warmUpMs), loops])
  const before = { done, deliveries: ledger.deliveries, at: performance.now() }
  const [postgresCpu, serverCpu] = [await familySeconds(ground.postgresPid), await cpuSeconds(pids)]
  await Promise.race([sleep(forMs), loops])
  const messages = done - before.done
  const server = ((await cpuSeconds(pids)) - serverCpu) * 1e6
  const postgres = ((await familySeconds(ground.postgresPid)) - postgresCpu) * 1e6
  const seconds = (performance.now() - before.at) / 1_000
  const deliveries = ledger.deliveries - before.deliveries
  isOver = true
  await within(patienceMs, 'the last messages', loops)
  refuseLosses(stage, fleet)
  refuseDefects(stage)
  return {
    serverMicros: server / messages,
    postgresMicros: postgres / messages,
    deliveryMicros: server / deliveries,
    messagesPerSecond: messages / seconds,
  }
}
