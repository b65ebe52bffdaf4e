import { sql, type Kysely } from 'kysely'
import type { Database } from '../../db/schema.ts'

/**
 * This deployment's stream and the epoch of its history. A restored or promoted database has another cluster
 * identity, timeline, database or table: then the epoch changes, and with it every cursor that was given before is
 * refused by name. The transaction ids in restored rows belong to another cluster; they are set to zero so that they
 * count as long past.
 */
export async function loadEpoch(
  db: Kysely<Database>,
): Promise<{ streamId: string; epoch: string }> {
  const source = await historySource(db)
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('server')
      .select(['streamId', 'epoch', 'epochSource'])
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (row.epochSource === source) return { streamId: row.streamId, epoch: row.epoch }
    if (row.epochSource === null) {
      await trx.updateTable('server').set({ epochSource: source }).execute()
      return { streamId: row.streamId, epoch: row.epoch }
    }
    // Once per restore, over the whole log: longer than a statement may take otherwise.
    await sql`set local statement_timeout = 0`.execute(trx)
    await trx.updateTable('events').set({ xid: '0' }).where('xid', '<>', '0').execute()
    const renewed = await trx
      .updateTable('server')
      .set({ epochSource: source, epoch: sql<string>`gen_random_uuid()` })
      .returning('epoch')
      .executeTakeFirstOrThrow()
    return { streamId: row.streamId, epoch: renewed.epoch }
  })
}

/** Identity of the cluster, its timeline, the database and the events table, as far as we may read them. */
async function historySource(db: Kysely<Database>): Promise<string> {
  const { rows } = await sql<{ database: string; readable: boolean }>`
    select concat_ws('.', (select oid from pg_database where datname = current_database()), 'events'::regclass::oid) as database,
           has_function_privilege('pg_control_system()', 'execute')
             and has_function_privilege('pg_control_checkpoint()', 'execute') as readable`.execute(
    db,
  )
  const own = rows[0]
  if (!own) throw new Error('the database did not say which one it is')
  if (!own.readable) return own.database
  const cluster = await sql<{ identity: string }>`
    select concat_ws('.', (select system_identifier from pg_control_system()),
                          (select timeline_id from pg_control_checkpoint())) as identity`.execute(
    db,
  )
  return `${cluster.rows[0]?.identity ?? ''}.${own.database}`
}
