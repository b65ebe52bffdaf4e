import type { Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'
import { batchCalls } from '../batch-calls.ts'
import { isTooLong } from '../database-failure.ts'
import type { Access, Sight, Viewer } from './access.ts'

/** Viewers in one look, and looks at a time: a thousand clients that come back take two connections, not a thousand. */
const viewersAtOnce = { most: 250, atOnce: 2, apart: 10 }

interface Waiting {
  viewer: Viewer
  promise: Promise<Sight>
  begin: () => void
}

/**
 * Looks for many people together, and for each of them once at a time: who comes with many old cursors at once waits for
 * themselves, not others for them. With the same cursor, as after a cut, their pages share a look.
 */
export function createLooksInTurn(
  db: Kysely<Database>,
  access: Access,
): (viewer: Viewer) => Promise<Sight> {
  /** By person who is looked for: what else waits for them, if anything. */
  const underWay = new Map<string, Waiting[] | null>()

  const lookTogether = batchCalls(async (viewers: readonly Viewer[]) => {
    try {
      return await lookApart(db, access, viewers)
    } finally {
      for (const { userId } of viewers) goOn(userId)
    }
  }, viewersAtOnce)

  function goOn(userId: string): void {
    const next = underWay.get(userId)?.shift()
    if (next) next.begin()
    else underWay.delete(userId)
  }

  return function look(viewer) {
    const waiting = underWay.get(viewer.userId)
    if (waiting === undefined) {
      underWay.set(viewer.userId, null)
      return lookTogether(viewer)
    }
    const same = waiting?.find((other) => other.viewer.horizon === viewer.horizon)
    if (same) return same.promise
    const { promise, resolve, reject } = Promise.withResolvers<Sight>()
    const begin = () => void lookTogether(viewer).then(resolve, reject)
    underWay.set(viewer.userId, [...(waiting ?? []), { viewer, promise, begin }])
    return promise
  }
}

/** One who missed millions must not keep those from coming back who happen to be looked for together with them. */
async function lookApart(
  db: Kysely<Database>,
  access: Access,
  viewers: readonly Viewer[],
): Promise<(Sight | Error)[]> {
  try {
    return await access.look(db, viewers)
  } catch (error) {
    if (!isTooLong(error)) throw error
    if (viewers.length === 1) return [error]
    const middle = viewers.length >> 1
    return [
      ...(await lookApart(db, access, viewers.slice(0, middle))),
      ...(await lookApart(db, access, viewers.slice(middle))),
    ]
  }
}
