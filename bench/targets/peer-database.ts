import type { Ground } from '../ground/ground.ts'
import { world } from './target.ts'

/** The table that the three peers insert into: the message, what orders it, and an index to read pages with. */
const schema = `
  create table messages (
    id     bigint generated always as identity primary key,
    thread int not null,
    author int not null,
    text   text not null,
    at     timestamptz not null default clock_timestamp()
  );
  create index messages_by_thread on messages (thread, id)`

/** A database of a peer's own. They all begin as copies of one. */
export async function createPeerDatabase(
  ground: Ground,
  name: string,
  historyMessages: number,
): Promise<string> {
  const template = `bench_peers_${historyMessages}`
  const admin = await ground.connect()
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template])
  await admin.end()
  if (rowCount === 0) await fillTemplate(ground, template, historyMessages)
  return ground.createDatabase(name, template)
}

async function fillTemplate(
  ground: Ground,
  template: string,
  historyMessages: number,
): Promise<void> {
  const client = await ground.connect(await ground.createDatabase(template))
  await client.query(schema)
  await client.query(
    `insert into messages (thread, author, text)
     select ${world.historyThread}, n % ${world.people}, 'message ' || lpad(n::text, 8, '0') || ' of a long conversation'
     from generate_series(1, ${historyMessages}) n`,
  )
  await client.query('vacuum analyze messages')
  await client.query('checkpoint')
  await client.end()
}
