import type { Cast } from './crowd/cast.ts'
import type { SceneReport, SceneSize } from './crowd/scene.ts'
import { Scene } from './crowd/scene.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** One thing that goes wrong, and what must hold meanwhile. */
export interface Fault {
  /** For `--only`. */
  name: string
  /** As it stands in the table. */
  title: string
  /** Is it in the short run, too? */
  inShort: boolean
  /** Does it leave the deployment other than it was? Then it comes after the others. */
  isLast?: true
  run: (stage: Stage) => Promise<void>
}

/** Something counted or measured, against the most or least it may be. */
export interface Bound {
  what: string
  measured: string
  limit: string
  holds: boolean
}

export interface StageResult {
  bounds: Bound[]
  reports: SceneReport[]
}

/** What a fault works with, and where it says what it found. */
export class Stage implements StageResult {
  readonly world: World
  readonly random: Random
  readonly isLong: boolean
  readonly bounds: Bound[] = []
  readonly reports: SceneReport[] = []
  readonly #name: string
  readonly #scenes: Scene[] = []

  constructor(name: string, world: World, random: Random, isLong: boolean) {
    this.#name = name
    this.world = world
    this.random = random
    this.isLong = isLong
  }

  /** The usual crowd: 200 sockets and 60 messages a second in a long run, 60 and 30 in a short one. */
  get usualSize(): SceneSize {
    return this.isLong
      ? { people: 50, devices: 4, threads: 25, members: 6, messagesPerSecond: 60 }
      : { people: 20, devices: 3, threads: 10, members: 5, messagesPerSecond: 30 }
  }

  /** The value for a long run, and the one for a short run. */
  scale(long: number, short: number): number {
    return this.isLong ? long : short
  }

  /** @param cast people who are there already, from an earlier scene. */
  async openScene(size: Partial<SceneSize> = {}, cast?: Cast): Promise<Scene> {
    const name = `${this.#name}-${this.#scenes.length + 1}`
    const random = this.random.fork(name)
    const whole = { ...this.usualSize, ...size }
    const scene = cast
      ? await Scene.openWith(cast, this.world, name, whole, random)
      : await Scene.open(this.world, name, whole, random)
    this.#scenes.push(scene)
    return scene
  }

  /** Sends everyone home, whatever became of the fault. */
  clear(): void {
    for (const scene of this.#scenes) scene.abandon()
  }

  async endScene(scene: Scene): Promise<SceneReport> {
    const report = await scene.end()
    this.reports.push(report)
    return report
  }

  /** What was never measured (the most of nothing, a percentile of nothing) is not within any limit. */
  atMost(what: string, measured: number, limit: number, unit = 'ms'): void {
    const holds = Number.isFinite(measured) && measured <= limit
    this.bounds.push({
      what,
      measured: inUnit(measured, unit),
      limit: `≤ ${inUnit(limit, unit)}`,
      holds,
    })
  }

  /** Likewise. */
  atLeast(what: string, measured: number, limit: number, unit = ''): void {
    const holds = Number.isFinite(measured) && measured >= limit
    this.bounds.push({
      what,
      measured: inUnit(measured, unit),
      limit: `≥ ${inUnit(limit, unit)}`,
      holds,
    })
  }

  exactly(what: string, measured: string | number, wanted: string | number): void {
    const holds = measured === wanted
    this.bounds.push({ what, measured: String(measured), limit: String(wanted), holds })
  }
}

function inUnit(value: number, unit: string): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 100) / 100 : Math.round(value)
  return `${rounded} ${unit}`.trim()
}
