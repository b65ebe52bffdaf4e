/** What the engine is to reach, against its peers in the same run. */
import type { TargetName } from '../targets/target.ts'
import type { Metric, Results } from './results.ts'

interface Bound {
  /** Times this peer's figure; null: the number alone. */
  peer: TargetName | null
  factor: number
}

interface Gate {
  row: string
  metric: Metric
  isBetter: 'higher' | 'lower'
  gate: readonly Bound[]
  aim: readonly Bound[]
}

const times = (factor: number, peer: TargetName): Bound => ({ peer, factor })
const exactly = (factor: number): Bound => ({ peer: null, factor })
const none = (row: string, metric: Metric): Gate => ({
  row,
  metric,
  isBetter: 'lower',
  gate: [exactly(0)],
  aim: [exactly(0)],
})

export const gates: readonly Gate[] = [
  {
    row: '1,000 subscribers, bursts: deliveries per CPU-second',
    metric: 'burstsPerCpu',
    isBetter: 'higher',
    gate: [times(0.8, 'ws'), times(1.5, 'socket-io'), times(5, 'trpc')],
    aim: [times(1.6, 'ws'), times(3, 'socket-io')],
  },
  {
    row: 'one message at a time: deliveries per CPU-second',
    metric: 'steadyPerCpu',
    isBetter: 'higher',
    gate: [times(0.7, 'ws'), times(1.1, 'socket-io')],
    aim: [times(0.9, 'ws')],
  },
  {
    row: '4,000 deliveries/s: p50, ms',
    metric: 'steadyP50',
    isBetter: 'lower',
    gate: [times(1.25, 'ws'), times(1, 'socket-io')],
    aim: [times(1, 'ws')],
  },
  {
    row: '4,000 deliveries/s: p99, ms',
    metric: 'steadyP99',
    isBetter: 'lower',
    gate: [times(1.5, 'ws'), times(1, 'socket-io')],
    aim: [times(1, 'ws')],
  },
  {
    row: '200 threads × 5: persisted messages/s, p99 < 250 ms',
    metric: 'threadsRate',
    isBetter: 'higher',
    gate: [times(0.5, 'ws'), times(2, 'socket-io')],
    aim: [times(0.8, 'ws'), times(3, 'socket-io')],
  },
  {
    row: 'idle, subscribed connection: KiB',
    metric: 'idleCollected',
    isBetter: 'lower',
    gate: [times(2, 'ws')],
    aim: [times(1.4, 'ws'), times(1, 'socket-io')],
  },
  {
    row: 'page of 50 out of 1 M: per second',
    metric: 'historyPages',
    isBetter: 'higher',
    gate: [times(0.6, 'ws')],
    aim: [times(0.8, 'ws')],
  },
  {
    row: 'page of 50 out of 10 M: per second',
    metric: 'historyPagesLong',
    isBetter: 'higher',
    gate: [],
    aim: [times(0.8, 'ws')],
  },
  {
    row: '1,000 cut and resuming elsewhere: s',
    metric: 'resumeSeconds',
    isBetter: 'lower',
    gate: [times(1.5, 'ws')],
    aim: [times(1, 'ws')],
  },
  {
    row: 'Postgres connections meanwhile (two pools of 20)',
    metric: 'postgresConnections',
    isBetter: 'lower',
    gate: [exactly(40)],
    aim: [],
  },
  none('live: out of order, %', 'outOfOrder'),
  none('live: lost (one ends the run)', 'lost'),
  none('live: doubled', 'doubled'),
  none('around the cut: out of order, %', 'resumeOutOfOrder'),
  none('around the cut: lost', 'resumeLost'),
  none('around the cut: doubled', 'resumeDoubled'),
]

export interface Verdict {
  metric: Metric
  row: string
  reached: number
  gate: string
  aim: string
  /** How far each peer is: reached ÷ theirs, the median of all rounds, and the lowest and highest. */
  ratios: string
  mark: 'aim' | 'gate' | 'SHORT' | 'not judged'
}

/** Skein's row of each gate that was measured. Bounds on peers that were not measured do not count. */
export function judge(results: Results): Verdict[] {
  return gates.flatMap((entry) => {
    const reached = results.find('skein', entry.metric)?.median
    if (reached === undefined) return []
    const holds = (bounds: readonly Bound[]) =>
      bounds.flatMap(({ peer, factor }) => {
        const figure =
          peer === null ? reached : results.compare('skein', peer, entry.metric)?.median
        if (figure === undefined) return []
        return [entry.isBetter === 'higher' ? figure >= factor : figure <= factor]
      })
    const sign = entry.isBetter === 'higher' ? '≥' : '≤'
    return [
      {
        metric: entry.metric,
        row: entry.row,
        reached,
        gate: describe(sign, entry.gate),
        aim: describe(sign, entry.aim),
        ratios: ratiosOf(results, entry),
        mark: markOf(holds(entry.gate), holds(entry.aim)),
      },
    ]
  })
}

/** Where there is an aim and no gate, the aim is what counts. */
function markOf(gate: readonly boolean[], aim: readonly boolean[]): Verdict['mark'] {
  if (gate.length + aim.length === 0) return 'not judged'
  const isAimReached = aim.length > 0 && aim.every(Boolean)
  if (!gate.every(Boolean) || (gate.length === 0 && !isAimReached)) return 'SHORT'
  return isAimReached ? 'aim' : 'gate'
}

function describe(sign: string, bounds: readonly Bound[]): string {
  return bounds
    .map(({ peer, factor }) => `${sign} ${factor}${peer === null ? '' : ` × ${peer}`}`)
    .join(', ')
}

function ratiosOf(results: Results, { metric, gate, aim }: Gate): string {
  const peers = new Set([...gate, ...aim].flatMap(({ peer }) => (peer === null ? [] : [peer])))
  return [...peers]
    .flatMap((peer) => {
      const ratio = results.compare('skein', peer, metric)
      if (!ratio) return []
      const { median, min, max } = ratio
      const range = ratio.runs > 1 ? ` (${min.toFixed(2)} – ${max.toFixed(2)})` : ''
      return [`${median.toFixed(2)}${range} × ${peer}`]
    })
    .join(', ')
}
