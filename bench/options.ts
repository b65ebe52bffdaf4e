import { parseArgs } from 'node:util'
import { targetNames, type TargetName } from './targets/target.ts'

export const workloadNames = [
  'bursts',
  'steady',
  'threads',
  'idle',
  'history',
  'resume',
  'growth',
] as const
export type WorkloadName = (typeof workloadNames)[number]

export interface Options {
  full: boolean
  only: ReadonlySet<WorkloadName>
  targets: readonly TargetName[]
  /** Where the raw results go. */
  json: string | null
  /** Another checkout of Skein, built, to be measured against; null: none. */
  before: string | null
  /** Folder for profiles of Skein's instances. */
  profile: string | null
  /** The profiles say what was allocated, not where the CPU time went. */
  allocations: boolean
}

/** How much of everything. The long run has more of it, and rounds enough for a median that stands still. */
export interface Size {
  rounds: number
  burstMessages: number
  steadyMessages: number
  stepMs: number
  idleRounds: number
  idleConnections: number
  idleRestMs: number
  historyMs: number
  historyMessages: number
  /** Of the longest thread of all; 0: there is none. */
  longHistoryMessages: number
  growthMs: number
  resumeRounds: number
}

const short: Size = {
  rounds: 3,
  burstMessages: 100,
  steadyMessages: 12,
  stepMs: 800,
  idleRounds: 1,
  idleConnections: 5_000,
  idleRestMs: 3_000,
  historyMs: 1_500,
  historyMessages: 1_000_000,
  longHistoryMessages: 0,
  growthMs: 2_000,
  resumeRounds: 3,
}

const full: Size = {
  rounds: 5,
  burstMessages: 300,
  steadyMessages: 80,
  stepMs: 1_500,
  idleRounds: 3,
  idleConnections: 5_000,
  idleRestMs: 6_000,
  historyMs: 5_000,
  historyMessages: 1_000_000,
  longHistoryMessages: 10_000_000,
  growthMs: 5_000,
  resumeRounds: 5,
}

export function sizeOf({ full: isFull }: Options): Size {
  return isFull ? full : short
}

/** @throws Error that says what was asked wrongly. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      targets: { type: 'string' },
      before: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      allocations: { type: 'boolean', default: false },
    },
  })
  const usual = workloadNames.filter((name) => values.full || name !== 'growth')
  const only = values.only === undefined ? usual : choose(values.only, workloadNames, '--only')
  const { before = null } = values
  const peers = targetNames.filter((name) => name !== 'before')
  const chosen = values.targets === undefined ? peers : choose(values.targets, peers, '--targets')
  const targets = before === null ? chosen : [...chosen, 'before']
  return {
    full: values.full,
    only: new Set(only),
    // Skein first, whatever the order given: its world takes longest to fill.
    targets: targetNames.filter((name) => targets.includes(name)),
    before,
    json: values.json ?? null,
    profile: values.profile ?? null,
    allocations: values.allocations,
  }
}

function choose<T extends string>(text: string, known: readonly T[], option: string): T[] {
  return text.split(',').map((wanted) => {
    const found = known.find((name) => name === wanted.trim())
    if (found === undefined) throw new Error(`${option} takes ${known.join(', ')}; not ${wanted}`)
    return found
  })
}
