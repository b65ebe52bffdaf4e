import { timeToHave } from '../check/delays.ts'
import type { History } from '../check/history.ts'
import type { Device } from '../crowd/device.ts'

/** Connections that ended at one moment. */
export interface Cut {
  at: number
  devices: readonly Device[]
}

/**
 * Milliseconds from each cut until each of its clients had a connection again and everything committed before that.
 * Infinity for one that never came back.
 */
export function backTimes(cuts: readonly Cut[], history: History): number[] {
  return cuts.flatMap(({ at, devices }) =>
    devices.map((device) => {
      const back = device.connections.find(({ liveAt }) => liveAt !== null && liveAt > at)
      if (!back?.liveAt) return Infinity
      const has = timeToHave(device.record, history, { from: at, until: back.openedAt })
      return Math.max(back.liveAt - at, has)
    }),
  )
}
