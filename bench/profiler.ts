/** Where the CPU time of Skein's instances goes while a workload runs: profiles for DevTools, and the top of each. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openInspector, type CpuProfile, type Inspector } from './ground/inspector.ts'
import type { Stage } from './workloads/stage.ts'

export class Profiler {
  readonly #folder: string
  readonly #inspectors: ReadonlyMap<Stage, Inspector[]>
  readonly #runs = new Map<string, number>()

  private constructor(folder: string, inspectors: ReadonlyMap<Stage, Inspector[]>) {
    this.#folder = folder
    this.#inspectors = inspectors
  }

  /** What an instance is started with when it is to be profiled. */
  static flags(folder: string | null): readonly string[] {
    return folder === null ? [] : ['--inspect=127.0.0.1:0']
  }

  /** @param folder null: nothing is profiled. */
  static async open(
    opened: AsyncDisposableStack,
    folder: string | null,
    stages: readonly Stage[],
  ): Promise<Profiler> {
    const inspectors = new Map<Stage, Inspector[]>()
    if (folder === null) return new Profiler('', inspectors)
    await mkdir(folder, { recursive: true })
    for (const stage of stages) {
      const own = await Promise.all(
        stage.instances.map(async (instance) => openInspector(await instance.process.inspectorUrl)),
      )
      inspectors.set(stage, own)
      opened.defer(() => {
        for (const inspector of own) inspector.close()
      })
    }
    return new Profiler(folder, inspectors)
  }

  async during<T>(stage: Stage, workload: string, work: () => Promise<T>): Promise<T> {
    const inspectors = this.#inspectors.get(stage) ?? []
    for (const inspector of inspectors) await inspector.startProfile()
    const result = await work()
    for (const [instance, inspector] of inspectors.entries()) {
      const profile = await inspector.stopProfile()
      const name = `${stage.target.name}-${workload}-${instance + 1}`
      const run = (this.#runs.get(name) ?? 0) + 1
      this.#runs.set(name, run)
      const file = join(this.#folder, `${name}-${run}`)
      await writeFile(`${file}.cpuprofile`, JSON.stringify(profile))
      await writeFile(`${file}.txt`, topOf(profile))
    }
    return result
  }
}

const shown = 45

/** The functions that cost most themselves, in % of the time in which there was something to do. */
export function topOf({ nodes, samples, timeDeltas }: CpuProfile): string {
  const selfMicros = new Map<number, number>()
  for (const [place, id] of samples.entries())
    selfMicros.set(id, (selfMicros.get(id) ?? 0) + (timeDeltas[place] ?? 0))
  const byFunction = new Map<string, number>()
  let busy = 0
  for (const { id, callFrame } of nodes) {
    const micros = selfMicros.get(id) ?? 0
    if (callFrame.functionName === '(idle)' || micros === 0) continue
    busy += micros
    const { functionName, url, lineNumber } = callFrame
    const place = url.split('/').slice(-3).join('/')
    const key = `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`
    byFunction.set(key, (byFunction.get(key) ?? 0) + micros)
  }
  const rows = [...byFunction].sort(([, a], [, b]) => b - a).slice(0, shown)
  const lines = rows.map(
    ([key, micros]) => `${((micros / busy) * 100).toFixed(1).padStart(5)} %  ${key}`,
  )
  return `busy ${(busy / 1e6).toFixed(2)} s\n${lines.join('\n')}\n`
}
