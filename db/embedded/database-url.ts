import pg from 'pg'
import { roleName } from './create-cluster.ts'

/** Where the database of an embedded Postgres is found. */
export function databaseUrl(password: string, port: number): string {
  return `postgres://${roleName}:${password}@127.0.0.1:${port}/${roleName}`
}

/** initdb makes only the database `postgres`; ours is made at the first start that finds it missing. */
export async function ensureDatabase(url: string): Promise<void> {
  const system = new URL(url)
  system.pathname = '/postgres'
  const client = new pg.Client({ connectionString: system.href })
  await client.connect()
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [roleName])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${roleName}`)
  } catch (error) {
    // The owner and a guest who joined early may both find it missing.
    const isThere =
      error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '')
    if (!isThere) throw error
  } finally {
    await client.end()
  }
}
