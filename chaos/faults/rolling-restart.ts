import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../check/delays.ts'
import type { Device } from '../crowd/device.ts'
import { asClient } from '../crowd/habits.ts'
import type { Fault, Stage } from '../fault.ts'
import type { Instance } from '../parts/instance.ts'
import { stopTimeout } from '../world.ts'

/** Of the move of everyone from one instance to others. */
interface Move {
  /** When each device was asked to go. */
  askedAt: number[]
  /** Milliseconds in which a device had no connection that was live. */
  gaps: number[]
  exit: { how: number | NodeJS.Signals; took: number }
}

/** A new instance starts beside each old one, and the old one is asked to stop, one after another. */
export const rollingRestart: Fault = {
  name: 'rolling',
  title: 'rolling restart, old and new side by side',
  inShort: false,
  async run(stage) {
    const { world } = stage
    const scene = await stage.openScene({ habits: asClient })
    const moves: Move[] = []
    for (const old of world.instances.slice(0, stage.scale(3, 1))) {
      await sleep(1_000)
      await world.add()
      const devices = scene.devicesAt(old.name)
      world.openDoors([old])
      const from = Date.now()
      const exit = await old.stop()
      await sleep(1_000)
      moves.push({ exit, askedAt: devices.flatMap((each) => askedSince(each, from)), gaps: [] })
      moves.at(-1)?.gaps.push(...devices.map((device) => gapSince(device, old, from)))
      await world.remove(old)
    }
    const { sends } = await stage.endScene(scene)
    boundMoves(stage, moves)
    // Nobody is removed here: whoever is refused is refused wrongly.
    const shown = sends.filter(({ attempts }) => attempts.at(-1)?.outcome !== 'ok')
    stage.exactly('sends that failed for good', shown.length, 0)
    const slowest = sends.map(({ attempts }) => {
      const [first, last] = [attempts[0], attempts.at(-1)]
      return first && last ? last.at + last.took - first.at : 0
    })
    stage.atMost('slowest send, tries together', Math.max(...slowest), 5_000)
  },
}

function boundMoves(stage: Stage, moves: readonly Move[]): void {
  const spreads = moves.map(({ askedAt }) => Math.max(...askedAt) - Math.min(...askedAt))
  const gaps = moves.flatMap((move) => move.gaps)
  const slowest = Math.max(...moves.map(({ exit }) => exit.took))
  stage.atLeast('devices that moved', gaps.length, 10)
  stage.atLeast('moves are spread over', Math.min(...spreads), 5_000, 'ms')
  stage.atMost("a client's own gap, p99", percentile(gaps, 0.99), 5_000)
  stage.atMost('slowest exit', slowest, stopTimeout * 1_000)
  stage.exactly('exits', moves.map(({ exit }) => exit.how).join(), moves.map(() => 0).join())
}

function askedSince({ connections }: Device, from: number): number[] {
  return connections.flatMap(({ askedAt }) => (askedAt !== null && askedAt >= from ? askedAt : []))
}

/** From the moment its connection to the old instance ended until another one was live; 0 when that was before. */
function gapSince({ connections }: Device, old: Instance, from: number): number {
  const left = connections.findLast(({ door }) => door === old.name)
  const next = connections.find(({ liveAt, door }) => (liveAt ?? 0) >= from && door !== old.name)
  if (!left || !next?.liveAt) return Infinity
  return Math.max(0, next.liveAt - (left.closedAt ?? Infinity))
}
