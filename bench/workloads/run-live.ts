/** The workloads over one fleet: all targets stand and are connected at once, and one at a time is loaded. */
import type { Connection } from '../generator/connection.ts'
import { sizeOf } from '../options.ts'
import { Profiler } from '../profiler.ts'
import type { Run } from '../run-workloads.ts'
import { world, type Target } from '../targets/target.ts'
import { burst, steady } from './bursts.ts'
import { climb, warmUp } from './small-threads.ts'
import { openFleet, openStage, refuseLosses, type Stage } from './stage.ts'

interface Live {
  stage: Stage
  fleet: Connection[]
  /** Follows nothing: it sends to everyone. */
  announcer: Connection
  /** As the ledger knows them. */
  announcerNumber: number
  smallSenders: number[]
  inFlight: number
}

/** Rows 1 to 4. Within each round every target has its turn; another one begins in each. */
export async function runLive(run: Run): Promise<void> {
  const { ground, targets, options, results, say } = run
  const size = sizeOf(options)
  await using opened = new AsyncDisposableStack()
  const lives: Live[] = []
  for (const target of targets) lives.push(await openLive(opened, run, target))
  const profiler = await Profiler.open(
    opened,
    options,
    lives.map(({ stage }) => stage),
  )

  for (let round = 1; round <= size.rounds; round++) {
    const inTurn = startingWith(lives, round - 1)
    if (options.only.has('bursts'))
      for (const { stage, announcer, announcerNumber: sender } of inTurn) {
        const of = { sender, messages: size.burstMessages, inFlight: 10 }
        const result = await profiler.during(stage, 'bursts', () =>
          burst(ground, stage, announcer, of),
        )
        results.add(stage.target.name, {
          burstsPerCpu: result.deliveries / result.serverCpu,
          burstsPostgres: (result.postgresCpu / of.messages) * 1e6,
          burstsP99: result.p99,
        })
      }
    if (options.only.has('steady'))
      for (const { stage, announcer, announcerNumber: sender } of inTurn) {
        const of = { sender, messages: size.steadyMessages, everyMs: 250 }
        const result = await profiler.during(stage, 'steady', () =>
          steady(ground, stage, announcer, of),
        )
        results.add(stage.target.name, {
          steadyPerCpu: result.deliveries / result.serverCpu,
          steadyPostgres: (result.postgresCpu / of.messages) * 1e6,
          steadyP50: result.p50,
          steadyP99: result.p99,
        })
      }
    if (options.only.has('threads'))
      for (const live of inTurn) {
        const { stage, fleet, smallSenders: senders, inFlight: firstInFlight } = live
        const of = { senders, fleet, firstInFlight, stepMs: size.stepMs }
        const { best } = await profiler.during(stage, 'threads', () => climb(ground, stage, of))
        // The next round begins two steps below what was best in this one.
        live.inFlight = Math.max(16, (best?.inFlight ?? firstInFlight) / 4)
        results.add(stage.target.name, {
          threadsRate: best?.messagesPerSecond ?? 0,
          ...(best && {
            threadsServer: best.serverMicros,
            threadsPostgres: best.postgresMicros,
            threadsNats: best.natsMicros,
            threadsGenerator: best.generatorMicros,
          }),
        })
      }
    say(`round ${round} of ${size.rounds} done`)
  }
  for (const { stage, fleet } of lives) {
    refuseLosses(stage, fleet)
    const { deliveries, outOfOrder, lost, doubled } = stage.ledger.count()
    results.add(stage.target.name, { outOfOrder: (outOfOrder / deliveries) * 100, lost, doubled })
  }
}

/** The same ones in the same order, round and round, beginning with number `first`. */
function startingWith<T>(all: readonly T[], first: number): T[] {
  const at = first % all.length
  return [...all.slice(at), ...all.slice(0, at)]
}

async function openLive(opened: AsyncDisposableStack, run: Run, target: Target): Promise<Live> {
  const nodeFlags = Profiler.flags(run.options.profile)
  const stage = await openStage(opened, target, { nodeFlags })
  const everyone = Array.from({ length: world.people }, (_, person) => person)
  const { membersOfSmall, firstSmallThread, largeThread } = world
  const fleet = await openFleet(opened, stage, {
    size: world.people,
    person: (subscriber) => subscriber,
    threads: (subscriber) => [
      largeThread,
      firstSmallThread + Math.floor(subscriber / membersOfSmall),
    ],
  })
  const [announcer] = await openFleet(opened, stage, {
    size: 1,
    person: () => 0,
    threads: () => [],
  })
  if (!announcer) throw new Error('nobody announces')
  const announcerNumber = stage.ledger.addSender(everyone)
  const smallSenders = Array.from({ length: world.smallThreads }, (_, thread) =>
    stage.ledger.addSender(everyone.slice(thread * membersOfSmall, (thread + 1) * membersOfSmall)),
  )
  // Compiled and connected, as a server that has run for a while.
  await burst(run.ground, stage, announcer, { sender: announcerNumber, messages: 30, inFlight: 3 })
  const inFlight = 64
  if (run.options.only.has('threads'))
    await warmUp(run.ground, stage, {
      senders: smallSenders,
      fleet,
      firstInFlight: inFlight,
      stepMs: sizeOf(run.options).stepMs,
    })
  run.say(`${target.name}: ${world.people} connections`)
  return { stage, fleet, announcer, announcerNumber, smallSenders, inFlight }
}
