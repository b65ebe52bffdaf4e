/** Row 4: many small threads. A closed loop: so many messages are in flight, more at each step, until it gets slow. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../generator/connection.ts'
import { Histogram } from '../generator/histogram.ts'
import type { Ground } from '../ground/ground.ts'
import { cpuSeconds, familySeconds } from '../ground/process-usage.ts'
import { world } from '../targets/target.ts'
import type { Stage } from './stage.ts'
import { within } from './within.ts'

export interface ThreadsStep {
  inFlight: number
  messagesPerSecond: number
  p50: number
  p99: number
  /** µs of CPU per message: of the servers, of Postgres, of NATS, and of the load generator that shares the machine. */
  serverMicros: number
  postgresMicros: number
  natsMicros: number
  generatorMicros: number
}

export interface ThreadsResult {
  best: ThreadsStep | null
  steps: ThreadsStep[]
}

const slowestP99 = 250
const mostInFlight = 4_096
const warmUpMs = 250
const patienceMs = 30_000
const warmForMs = 3_000

interface Options {
  /** Sender of each small thread, as the ledger knows it. */
  senders: readonly number[]
  fleet: readonly Connection[]
  firstInFlight: number
  stepMs: number
}

/** The most messages per second that every member saw, with a p99 from send to seen below 250 ms. */
export async function climb(
  ground: Ground,
  stage: Stage,
  options: Options,
): Promise<ThreadsResult> {
  const result: ThreadsResult = { best: null, steps: [] }
  // One slow step may be the machine's; two are the target's.
  let slow = 0
  for (let inFlight = options.firstInFlight; inFlight <= mostInFlight; inFlight *= 2) {
    const step = await runStep(ground, stage, options, inFlight)
    result.steps.push(step)
    if (step.p99 >= slowestP99) {
      if (++slow === 2) break
      continue
    }
    slow = 0
    if (!result.best || step.messagesPerSecond > result.best.messagesPerSecond) result.best = step
    else if (step.messagesPerSecond < 0.85 * result.best.messagesPerSecond) break
  }
  return result
}

/** As much as a server has done that has run for a while: compiled, its plans made. */
export async function warmUp(ground: Ground, stage: Stage, options: Options): Promise<void> {
  await runStep(ground, stage, { ...options, stepMs: warmForMs }, options.firstInFlight)
}

async function runStep(
  ground: Ground,
  stage: Stage,
  { senders, fleet, stepMs }: Options,
  inFlight: number,
): Promise<ThreadsStep> {
  const { ledger, pids } = stage
  let isOver = false
  let done = 0
  let next = 0
  const loops = Array.from({ length: inFlight }, async () => {
    while (!isOver) {
      const place = next++ % senders.length
      const { text, seenByAll } = ledger.post(senders[place] ?? 0)
      const from = fleet[place * world.membersOfSmall]
      if (!from) throw new Error('a thread has no sender')
      await Promise.all([from.post(world.firstSmallThread + place, text), seenByAll])
      done++
    }
  })
  const all = Promise.all(loops)
  await Promise.race([sleep(warmUpMs), all])
  const before = { done, at: performance.now() }
  const postgresCpu = await familySeconds(ground.postgresPid)
  const natsCpu = await cpuSeconds([ground.natsPid])
  const generatorCpu = await cpuSeconds([process.pid])
  const serverCpu = await cpuSeconds(pids)
  const latency = (ledger.latency = new Histogram())
  await Promise.race([sleep(stepMs), all])
  const messages = done - before.done
  const seconds = (performance.now() - before.at) / 1_000
  const perMessage = (cpu: number) => (cpu * 1e6) / Math.max(1, messages)
  const step = {
    inFlight,
    messagesPerSecond: messages / seconds,
    p50: latency.percentile(0.5),
    p99: latency.percentile(0.99),
    serverMicros: perMessage((await cpuSeconds(pids)) - serverCpu),
    generatorMicros: perMessage((await cpuSeconds([process.pid])) - generatorCpu),
    natsMicros: perMessage((await cpuSeconds([ground.natsPid])) - natsCpu),
    postgresMicros: perMessage((await familySeconds(ground.postgresPid)) - postgresCpu),
  }
  isOver = true
  await within(patienceMs, `the last messages on ${stage.target.name}`, all)
  return step
}
