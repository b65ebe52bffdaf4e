import { Stage, type Fault } from './fault.ts'
import type { Random } from './random.ts'
import { describeFault, type FaultResult } from './report.ts'
import { World } from './world.ts'

export interface PlayOptions {
  faults: readonly Fault[]
  random: Random
  isLong: boolean
  logFolder: string
  print: (text: string) => void
  /** Ends it early, with everything stopped and put away. */
  signal: AbortSignal
}

/**
 * Plays faults in turn, in worlds of their own: one in a long run, where figures count; two side by side in a short one,
 * which takes the time of one. A world in which something broke off plays no more.
 */
export async function play(options: PlayOptions): Promise<FaultResult[]> {
  const left = [...options.faults]
  const results: FaultResult[] = []
  const worlds = options.isLong || left.length === 1 ? 1 : 2
  await Promise.all(
    Array.from({ length: worlds }, (_, index) => playInWorld(index + 1, left, results, options)),
  )
  return results
}

async function playInWorld(
  number: number,
  left: Fault[],
  results: FaultResult[],
  { random, isLong, logFolder, print, signal }: PlayOptions,
): Promise<void> {
  const world = await World.open({
    instances: isLong ? 3 : 2,
    logFolder: `${logFolder}/world-${number}`,
  })
  try {
    for (let fault = left.shift(); fault; fault = left.shift()) {
      const stage = new Stage(fault.name, world, random.fork(fault.name), isLong)
      const result = await playOne(fault, stage, signal)
      results.push(result)
      print(describeFault(result))
      if (result.broke !== null) return
      world.clearWeather()
      await world.untilReady()
    }
  } finally {
    await world.close()
  }
}

async function playOne(fault: Fault, stage: Stage, signal: AbortSignal): Promise<FaultResult> {
  const begin = Date.now()
  const { world, bounds, reports } = stage
  const deathsBefore = world.deaths.length
  let broke: string | null = null
  try {
    await Promise.race([fault.run(stage), untilAborted(signal)])
  } catch (error) {
    broke = error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    stage.clear()
  }
  const deaths = world.deaths.slice(deathsBefore)
  if (world.nats.pid === undefined) deaths.push('nats-server ended by itself')
  return { fault, bounds, reports, deaths, broke, seconds: (Date.now() - begin) / 1_000 }
}

/** @throws the reason of the signal */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
  })
}
