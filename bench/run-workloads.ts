/** The workloads of one run, in turn; within each round every target has its turn. */
import type { Ground } from './ground/ground.ts'
import { sizeOf, type Options, type WorkloadName } from './options.ts'
import type { Results } from './report/results.ts'
import { prepareBareWs } from './targets/bare-ws/bare-ws.ts'
import { prepareSkein } from './targets/skein/skein.ts'
import { world, type Target } from './targets/target.ts'
import { grow, shapes } from './workloads/growth.ts'
import { readHistory } from './workloads/history.ts'
import { idle } from './workloads/idle.ts'
import { resume } from './workloads/resume.ts'
import { runLive } from './workloads/run-live.ts'
import { openStage, type Stage } from './workloads/stage.ts'

export interface Run {
  ground: Ground
  targets: readonly Target[]
  options: Options
  results: Results
  say: (line: string) => void
}

export async function runWorkloads(run: Run): Promise<void> {
  const { only } = run.options
  const wanted = (...names: WorkloadName[]) => names.some((name) => only.has(name))
  if (wanted('bursts', 'steady', 'threads')) await runLive(run)
  if (wanted('history')) await runHistory(run)
  if (wanted('resume')) await runResume(run)
  if (wanted('idle')) await runIdle(run)
  if (wanted('growth')) await runGrowth(run)
  if (wanted('history')) await runLongHistory(run)
}

async function runIdle({ targets, options, results, say }: Run): Promise<void> {
  const size = sizeOf(options)
  for (let round = 1; round <= size.idleRounds; round++)
    for (const target of targets) {
      const result = await idle(target, {
        connections: size.idleConnections,
        restMs: size.idleRestMs,
      })
      results.add(target.name, {
        idleCollected: result.collected,
        idleResident: result.resident,
        idleHeap: result.heap,
      })
      say(`${target.name}: ${result.connections} idle connections`)
    }
}

/** The same with ten times as many, where there is the time to write them. */
async function runLongHistory({ ground, options, results, say }: Run): Promise<void> {
  const { longHistoryMessages: messages, historyMs: forMs, rounds } = sizeOf(options)
  if (messages === 0) return
  await using opened = new AsyncDisposableStack()
  const wanted = { ground, historyMessages: messages, suffix: '_long' }
  const stages: Stage[] = []
  if (options.targets.includes('skein'))
    stages.push(await openStage(opened, await prepareSkein(wanted, { people: 5, smallThreads: 1 })))
  if (options.targets.includes('ws'))
    stages.push(await openStage(opened, await prepareBareWs(wanted)))
  say(`${messages} messages written`)
  for (let round = 1; round <= rounds; round++)
    for (const stage of stages) {
      const { pagesPerSecond } = await readHistory(stage, { messages, forMs })
      results.add(stage.target.name, { historyPagesLong: pagesPerSecond })
    }
}

async function runGrowth({ ground, options, results, say }: Run): Promise<void> {
  for (const [round, [grown, shape]] of Object.entries(shapes).entries()) {
    const result = await grow(ground, shape, { round, forMs: sizeOf(options).growthMs })
    results.growth[grown] = result
    say(`growth, ${grown}: ${result.serverMicros.toFixed(0)} µs a message`)
  }
}

async function runHistory({ targets, options, results, say }: Run): Promise<void> {
  const size = sizeOf(options)
  await using opened = new AsyncDisposableStack()
  const stages: Stage[] = []
  for (const target of targets) stages.push(await openStage(opened, target))
  for (let round = 1; round <= size.rounds; round++)
    for (const stage of stages) {
      const of = { messages: size.historyMessages, forMs: size.historyMs }
      const { pagesPerSecond, serverMicros } = await readHistory(stage, of)
      results.add(stage.target.name, { historyPages: pagesPerSecond, historyServer: serverMicros })
    }
  say('history read')
}

async function runResume({ ground, targets, options, results, say }: Run): Promise<void> {
  for (let round = 1; round <= sizeOf(options).resumeRounds; round++)
    for (const target of targets.filter(({ canResume }) => canResume)) {
      const result = await resume(ground, target)
      const { seconds, serverCpu, postgresConnections, lost, doubled } = result
      const outOfOrder = (result.outOfOrder / result.deliveries) * 100
      const counted = { resumeOutOfOrder: outOfOrder, resumeLost: lost, resumeDoubled: doubled }
      const measured = { resumeSeconds: seconds, resumeCpu: serverCpu, postgresConnections }
      const resumeRepeats = result.repeats / world.people
      results.add(target.name, { ...measured, ...counted, resumeRepeats })
      say(`${target.name}: back after ${seconds.toFixed(2)} s`)
      if (target.connectClever) {
        const clever = await resume(ground, { ...target, connect: target.connectClever })
        results.add(target.name, { resumeClever: clever.seconds })
      }
    }
}
