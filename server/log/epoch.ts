import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import pg from 'pg'
import type { Database } from '../../db/schema.ts'

const lockNotAvailable = '55P03'
const stepSize = 20_000

/** What an instance knows of the history that it has served so far. */
interface Known {
  epoch: string
  /** It lacks what this instance has seen in it. */
  lost: boolean
}

/**
 * This deployment's stream and the epoch of its history. A restored or promoted database has another cluster
 * identity, timeline, database or table: then the epoch changes, and with it every cursor that was given before is
 * refused by name.
 */
export async function loadEpoch(
  db: Kysely<Database>,
): Promise<{ streamId: string; epoch: string }> {
  const epoch = await agreeOnEpoch(db, null)
  const { streamId } = await db.selectFrom('server').select('streamId').executeTakeFirstOrThrow()
  return { streamId, epoch }
}

/**
 * The epoch that all instances have from now on. Whoever finds first that history was rewritten makes a new one; the
 * others find it made.
 * @param known null for an instance that has just started
 */
export async function agreeOnEpoch(db: Kysely<Database>, known: Known | null): Promise<string> {
  for (;;) {
    try {
      return await agree(db, await historySource(db), known)
    } catch (error) {
      // Another instance is at it, over the whole log.
      if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error
    }
  }
}

/** Microseconds since 1970, when the database started. */
const startedAt = sql<string>`(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text`

function agree(
  db: Kysely<Database>,
  currentSource: RawBuilder<string>,
  known: Known | null,
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('server')
      .select(['epoch', 'epochSource', currentSource.as('source')])
      // An instant: as text it would depend on the connection's time zone.
      .select(startedAt.as('started'))
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { source } = row
    // Under the same identity, an epoch was renewed for this very loss if that was since the database started: files
    // are not put back under a server that runs. One that came with the files is from before.
    const renewed = `${source} ${row.started}`
    const same = row.epochSource?.split(' ')[0] === source
    const settled =
      same && (!known?.lost || (row.epochSource === renewed && row.epoch !== known.epoch))
    if (settled) return row.epoch
    if (row.epochSource === null) {
      await trx.updateTable('server').set({ epochSource: source }).execute()
      return row.epoch
    }
    await forgetTransactions(trx)
    const { epoch } = await trx
      .updateTable('server')
      .set({ epochSource: renewed, epoch: sql<string>`gen_random_uuid()` })
      .returning('epoch')
      .executeTakeFirstOrThrow()
    return epoch
  })
}

/**
 * Rows that were loaded into another cluster bring the ids of transactions of their own, which its counter may not
 * have reached: they would look new for ever. Then all of them count as long past, except that what a handler of
 * events has still to do stays above its place. Over the whole log, in steps, so that the guard of connections hears
 * of it now and then.
 */
async function forgetTransactions(trx: Transaction<Database>): Promise<void> {
  const { rows: ahead } = await sql`
    select from events where xid >= pg_snapshot_xmax(pg_current_snapshot())
    union all
    select from event_handlers where horizon > pg_snapshot_xmax(pg_current_snapshot())
    limit 1`.execute(trx)
  if (ahead.length === 0) return
  let done = { streamId: '00000000-0000-0000-0000-000000000000', seq: 0 }
  for (;;) {
    const { rows } = await sql<{ streamId: string; seq: number; size: number }>`
      with step as materialized (
        select stream_id, seq,
          (select count(*) from event_handlers where horizon <= events.xid)::text::xid8 as rank
        from events
        where (stream_id, seq) > (${done.streamId}::uuid, ${done.seq}::bigint)
        order by stream_id, seq limit ${stepSize}
      ), forgotten as (
        update events set xid = step.rank from step
        where events.stream_id = step.stream_id and events.seq = step.seq and events.xid <> step.rank
      )
      select stream_id, seq, (count(*) over ())::int as size from step
      order by stream_id desc, seq desc limit 1`.execute(trx)
    const [last] = rows
    if (last) done = last
    if (!last || last.size < stepSize) break
  }
  await sql`
    update event_handlers set horizon = places.rank
    from (select name, (rank() over (order by horizon))::text::xid8 as rank from event_handlers) places
    where places.name = event_handlers.name`.execute(trx)
}

/**
 * Identity of the cluster, its timeline, the database and the events table, as far as we may read them: an expression
 * for a statement. What somebody may not call must not stand in their statement, not even where it would not be reached.
 */
export async function historySource(db: Kysely<Database>): Promise<RawBuilder<string>> {
  const { rows } = await sql<{ readable: boolean }>`
    select has_function_privilege('pg_control_system()', 'execute')
       and has_function_privilege('pg_control_checkpoint()', 'execute') as readable`.execute(db)
  const cluster = rows[0]?.readable
    ? sql`concat_ws('.', (select system_identifier from pg_control_system()),
                         (select timeline_id from pg_control_checkpoint()))`
    : sql`null`
  return sql<string>`concat_ws('.', ${cluster},
    (select oid from pg_database where datname = current_database()), 'events'::regclass::oid)`
}
