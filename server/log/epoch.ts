import { sql, type Kysely, type Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'

const lockNotAvailable = '55P03'
const stepSize = 20_000

/**
 * This deployment's stream and the epoch of its history. A restored or promoted database has another cluster
 * identity, timeline, database or table: then the epoch changes, and with it every cursor that was given before is
 * refused by name. The transaction ids in restored rows belong to another cluster; they are set to zero so that they
 * count as long past.
 */
export async function loadEpoch(
  db: Kysely<Database>,
): Promise<{ streamId: string; epoch: string }> {
  for (;;) {
    try {
      return await agree(db, await historySource(db))
    } catch (error) {
      // Another instance is at it, over the whole log.
      if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error
    }
  }
}

function agree(db: Kysely<Database>, source: string): Promise<{ streamId: string; epoch: string }> {
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
    await forgetTransactions(trx)
    const renewed = await trx
      .updateTable('server')
      .set({ epochSource: source, epoch: sql<string>`gen_random_uuid()` })
      .returning('epoch')
      .executeTakeFirstOrThrow()
    return { streamId: row.streamId, epoch: renewed.epoch }
  })
}

/** Once per restore, over the whole log: in steps, so that a guard of connections hears of it now and then. */
async function forgetTransactions(trx: Transaction<Database>): Promise<void> {
  let done = { streamId: '00000000-0000-0000-0000-000000000000', seq: 0 }
  for (;;) {
    const { rows } = await sql<{ streamId: string; seq: number; size: number }>`
      with step as materialized (
        select stream_id, seq from events
        where (stream_id, seq) > (${done.streamId}::uuid, ${done.seq}::bigint)
        order by stream_id, seq limit ${stepSize}
      ), forgotten as (
        update events set xid = '0' from step
        where events.stream_id = step.stream_id and events.seq = step.seq and events.xid <> '0'
      )
      select stream_id, seq, (count(*) over ())::int as size from step
      order by stream_id desc, seq desc limit 1`.execute(trx)
    const [last] = rows
    if (!last) return
    done = last
    if (last.size < stepSize) return
  }
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
