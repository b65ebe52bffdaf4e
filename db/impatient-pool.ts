import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import type { HangGuard } from './hang-guard.ts'
import { DatabaseSilentError, PoolExhaustedError } from './pool-failure.ts'

/**
 * The pool as Kysely sees it: whoever gets no connection within `patienceMs` is told why, and the connection that
 * comes later goes back unused. A query that has its connection is not limited here.
 */
export function impatientPool(pool: pg.Pool, guard: HangGuard, patienceMs: number): PostgresPool {
  return {
    options: pool.options,
    connect: () =>
      new Promise<PostgresPoolClient>((resolve, reject) => {
        let given = false
        let timer: NodeJS.Timeout | undefined
        const beImpatient = () => {
          // What has arrived meanwhile is looked at first: a busy event loop is no sign of a busy database.
          setImmediate(() => {
            if (given) return
            given = true
            reject(
              guard.trouble() === 'silent'
                ? new DatabaseSilentError(patienceMs)
                : new PoolExhaustedError(patienceMs),
            )
          })
        }
        // One that is idle is there by then: a timer that is taken back wakes up a quiet process all the same.
        setImmediate(() => {
          if (!given) timer = setTimeout(beImpatient, patienceMs)
        })
        pool.connect().then(
          (client) => {
            clearTimeout(timer)
            if (given) return client.release()
            given = true
            resolve(client)
          },
          (error: Error) => {
            clearTimeout(timer)
            if (given) return
            given = true
            reject(error)
          },
        )
      }),
    end: () => pool.end(),
  }
}
