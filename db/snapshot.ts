import type { Kysely, Transaction } from 'kysely'
import type { Database } from './schema.ts'

/** Several reads of one moment: what is committed meanwhile is in none of them. */
export function inSnapshot<T>(
  db: Kysely<Database>,
  read: (snapshot: Transaction<Database>) => Promise<T>,
): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(read)
}
