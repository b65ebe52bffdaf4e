import type { Position } from '../follow/position.ts'
import { SkeinError } from '../skein-error.ts'

/** One value in the browser. */
export interface BrowserStore<Value> {
  /** What was saved last, in whichever tab; undefined the first time. */
  load(): Promise<Value | undefined>
  /**
   * Resolves when the value is on the disk.
   * @throws SkeinError POSITION_MOVED when another tab saved since this one loaded
   */
  save(value: Value): Promise<void>
  /** Waits for its turn: one tab at a time has it, and the next takes over when that one goes away. */
  lock(signal: AbortSignal): Promise<() => void>
}

const databaseName = 'skein'
const tableName = 'values'

interface Row<Value> {
  value: Value
  /** Counts the saves: who did not see the last one may not write over it. */
  revision: number
}

/**
 * Keeps a value in IndexedDB, by itself the position of one follower. Tabs that follow with the same name take turns;
 * where the browser has no Web Locks (pages over plain http), the second one ends with POSITION_MOVED instead.
 */
export function browserStore<Value = Position>(name: string): BrowserStore<Value> {
  let seen = 0
  return {
    async load() {
      const row = await inTransaction(
        'readonly',
        (table) => table.get(name) as IDBRequest<Row<Value> | undefined>,
      )
      seen = row?.revision ?? 0
      return row?.value
    },

    async save(value) {
      await inTransaction('readwrite', (table, transaction) => {
        const reading = table.get(name) as IDBRequest<Row<Value> | undefined>
        reading.onsuccess = () => {
          if ((reading.result?.revision ?? 0) !== seen) return transaction.abort()
          table.put({ value, revision: seen + 1 } satisfies Row<Value>, name)
        }
        return reading
      })
      seen++
    },

    async lock(signal) {
      if (!('locks' in navigator)) return () => undefined
      return new Promise((resolve, reject) => {
        const held = () => new Promise<void>((release) => resolve(release))
        navigator.locks.request(`skein:${name}`, { signal }, held).catch(reject)
      })
    },
  }
}

/** The result of a request, when the transaction around it is on the disk. */
async function inTransaction<Result>(
  mode: IDBTransactionMode,
  ask: (table: IDBObjectStore, transaction: IDBTransaction) => IDBRequest<Result>,
): Promise<Result> {
  const database = await openDatabase()
  try {
    const transaction = database.transaction(tableName, mode, { durability: 'strict' })
    return await new Promise<Result>((resolve, reject) => {
      const request = ask(transaction.objectStore(tableName), transaction)
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? moved())
    })
  } finally {
    database.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(tableName)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('IndexedDB could not be opened'))
  })
}

function moved(): SkeinError {
  return new SkeinError('POSITION_MOVED', 'Another tab follows with this position.')
}
