/**
 * Where the CPU time of servers goes while a workload runs, or what they allocate: profiles for DevTools, and the top of
 * each.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  openInspector,
  type AllocationNode,
  type AllocationProfile,
  type CpuProfile,
  type Inspector,
} from './ground/inspector.ts'
import type { Stage } from './workloads/stage.ts'

interface Folder {
  path: string
  /** What is sampled there: what was allocated, not where the time went. */
  allocations: boolean
}

export class Profiler {
  readonly #folder: Folder | null
  readonly #inspectors: ReadonlyMap<Stage, Inspector[]>
  readonly #runs = new Map<string, number>()

  private constructor(folder: Folder | null, inspectors: ReadonlyMap<Stage, Inspector[]>) {
    this.#folder = folder
    this.#inspectors = inspectors
  }

  /** What an instance is started with when it is to be profiled. */
  static flags(folder: string | null): readonly string[] {
    return folder === null ? [] : ['--inspect=127.0.0.1:0']
  }

  /** @param options.profile the folder; null: nothing is profiled. */
  static async open(
    opened: AsyncDisposableStack,
    { profile, allocations }: { profile: string | null; allocations: boolean },
    stages: readonly Stage[],
  ): Promise<Profiler> {
    const inspectors = new Map<Stage, Inspector[]>()
    if (profile === null) return new Profiler(null, inspectors)
    await mkdir(profile, { recursive: true })
    for (const stage of stages) {
      const own = await Promise.all(
        stage.instances.map(async (instance) => openInspector(await instance.process.inspectorUrl)),
      )
      inspectors.set(stage, own)
      opened.defer(() => {
        for (const inspector of own) inspector.close()
      })
    }
    return new Profiler({ path: profile, allocations }, inspectors)
  }

  async during<T>(stage: Stage, workload: string, work: () => Promise<T>): Promise<T> {
    const folder = this.#folder
    if (!folder) return work()
    const inspectors = this.#inspectors.get(stage) ?? []
    for (const inspector of inspectors)
      await (folder.allocations ? inspector.startAllocations() : inspector.startProfile())
    const result = await work()
    for (const [instance, inspector] of inspectors.entries()) {
      const name = `${stage.target.name}-${workload}-${instance + 1}`
      const run = (this.#runs.get(name) ?? 0) + 1
      this.#runs.set(name, run)
      const file = join(folder.path, `${name}-${run}`)
      if (folder.allocations) {
        const profile = await inspector.stopAllocations()
        await writeFile(`${file}.heapprofile`, JSON.stringify(profile))
        await writeFile(`${file}.txt`, topAllocations(profile))
      } else {
        const profile = await inspector.stopProfile()
        await writeFile(`${file}.cpuprofile`, JSON.stringify(profile))
        await writeFile(`${file}.txt`, topOf(profile))
      }
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
  for (const { id, callFrame } of nodes)
    if (callFrame.functionName !== '(idle)') count(byFunction, callFrame, selfMicros.get(id) ?? 0)
  const busy = sumOf(byFunction)
  return `busy ${(busy / 1e6).toFixed(2)} s\n${list(byFunction)}`
}

/** The functions that allocated most themselves, in % of all that was allocated. */
export function topAllocations({ head }: AllocationProfile): string {
  const byFunction = new Map<string, number>()
  const visit = ({ callFrame, selfSize, children }: AllocationNode): void => {
    count(byFunction, callFrame, selfSize)
    for (const child of children) visit(child)
  }
  visit(head)
  return `${(sumOf(byFunction) / 1e6).toFixed(0)} MB\n${list(byFunction)}`
}

function count(
  byFunction: Map<string, number>,
  { functionName, url, lineNumber }: AllocationNode['callFrame'],
  amount: number,
): void {
  if (amount === 0) return
  const place = url.split('/').slice(-3).join('/')
  const key = `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`
  byFunction.set(key, (byFunction.get(key) ?? 0) + amount)
}

function sumOf(byFunction: ReadonlyMap<string, number>): number {
  return [...byFunction.values()].reduce((sum, amount) => sum + amount, 0)
}

function list(byFunction: ReadonlyMap<string, number>): string {
  const all = sumOf(byFunction)
  const rows = [...byFunction].sort(([, a], [, b]) => b - a).slice(0, shown)
  return rows
    .map(([key, amount]) => `${((amount / all) * 100).toFixed(1).padStart(5)} %  ${key}\n`)
    .join('')
}
