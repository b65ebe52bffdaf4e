import type { GrowthResult } from '../workloads/growth.ts'
import type { TargetName } from '../targets/target.ts'
import { figureOf, type Figure } from './median.ts'

/** What can be read off a run, one figure per target and run. Units are in the name of each. */
export const metrics = {
  burstsPerCpu: 'bursts: deliveries per server-CPU-second',
  burstsPostgres: 'bursts: Postgres CPU, µs per message',
  burstsP99: 'bursts: send → seen p99, ms',
  steadyPerCpu: 'one at a time: deliveries per server-CPU-second',
  steadyPostgres: 'one at a time: Postgres CPU, µs per message',
  steadyP50: '4,000 deliveries/s: send → seen p50, ms',
  steadyP99: '4,000 deliveries/s: send → seen p99, ms',
  threadsRate: '200 × 5: messages/s with p99 < 250 ms',
  threadsServer: '200 × 5: server CPU, µs per message',
  threadsPostgres: '200 × 5: Postgres CPU, µs per message',
  threadsNats: '200 × 5: NATS CPU, µs per message',
  threadsGenerator: '200 × 5: CPU of the load generator, µs per message',
  idleCollected: 'idle connection: resident KiB after a collection',
  idleResident: 'idle connection: resident KiB as it rests',
  idleHeap: 'idle connection: heap KiB after a collection',
  historyPages: 'pages of 50 out of 1 M, per second',
  historyServer: 'a page: server CPU, µs',
  historyPagesLong: 'pages of 50 out of 10 M, per second',
  resumeSeconds: '1,000 cut and back on the other instance, s',
  resumeClever: 'the same, everyone’s reads shared, s',
  resumeCpu: '1,000 cut and back: server CPU, s',
  postgresConnections: 'most Postgres connections meanwhile',
  outOfOrder: 'live: out of order, % of deliveries',
  lost: 'live: lost (one ends the run)',
  doubled: 'live: doubled',
  resumeOutOfOrder: 'around the cut: out of order, % of deliveries',
  resumeLost: 'around the cut: lost',
  resumeDoubled: 'around the cut: doubled',
  resumeRepeats: 'around the cut: repeats that the client drops, per client',
} as const
export type Metric = keyof typeof metrics

export class Results {
  readonly #values = new Map<string, number[]>()
  /** What a message costs Skein as something grows, by what grew. */
  readonly growth: Record<string, GrowthResult> = {}

  add(target: TargetName, values: Partial<Record<Metric, number>>): void {
    for (const [metric, value] of Object.entries(values)) {
      const key = `${target}/${metric}`
      this.#values.set(key, [...(this.#values.get(key) ?? []), value])
    }
  }

  /** Undefined when that was not measured. */
  find(target: TargetName, metric: Metric): Figure | undefined {
    const values = this.#values.get(`${target}/${metric}`)
    return values && figureOf(values)
  }

  /**
   * The first target's figure ÷ the second's, round by round: within one they ran side by side, in the same hour of the
   * machine, whose rounds may differ twofold (docs/decisions/023). For what is measured once in each round. Undefined
   * when one of them was not measured.
   */
  compare(one: TargetName, other: TargetName, metric: Metric): Figure | undefined {
    const [values, base] = [one, other].map((target) => this.#values.get(`${target}/${metric}`))
    return values && base && figureOf(values.map((value, round) => value / (base[round] ?? NaN)))
  }

  /** Every single value, for a file. */
  toJSON(): object {
    return { ...Object.fromEntries(this.#values), growth: this.growth }
  }
}
