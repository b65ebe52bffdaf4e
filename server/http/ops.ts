import type { RequestListener, ServerResponse } from 'node:http'
import { sql, type Kysely } from 'kysely'
import { appliedMigration } from '../../db/migrate.ts'
import { newestMigration } from '../../db/migrations/index.ts'
import type { Database } from '../../db/schema.ts'
import type { Services } from '../services.ts'

/** What the operations port tells of. Services come when they are there; until then the instance is not ready. */
export interface Operations {
  services: Services | null
  /** Why there are no services yet, for whoever looks. */
  waitingFor: string
  draining: boolean
}

interface Check {
  ok: boolean
  detail: string
}

const databasePatience = 1_000

/**
 * /livez: the process answers. /readyz: send people here. /metrics: for Prometheus. Without a password, so on a port
 * of its own that is never public.
 */
export function createOps(state: Operations): RequestListener {
  return function answer(request, response) {
    route(request.url ?? '/', state, response).catch((error: unknown) => {
      state.services?.log.error({ err: error }, 'the operations port failed')
      json(response, 500, { error: 'failed' })
    })
  }
}

async function route(url: string, state: Operations, response: ServerResponse): Promise<void> {
  const path = url.split('?', 1)[0]
  if (path === '/livez') return json(response, 200, { live: true })
  if (path === '/readyz') {
    const checks = await readiness(state)
    const ready = Object.values(checks).every(({ ok }) => ok)
    return json(response, ready ? 200 : 503, { ready, checks }, ready ? {} : { 'retry-after': '2' })
  }
  if (path === '/metrics' && state.services) return metrics(state.services, response)
  return json(response, path === '/metrics' ? 503 : 404, { error: `nothing at ${path}` })
}

async function readiness(state: Operations): Promise<Record<string, Check>> {
  const traffic: Check = { ok: !state.draining, detail: state.draining ? 'draining' : 'accepting' }
  if (!state.services) {
    const waiting = { ok: false, detail: state.waitingFor }
    return { database: waiting, migrations: { ok: false, detail: 'not known yet' }, traffic }
  }
  const database = await reachable(state.services.db)
  const migrations = database.ok
    ? await migrated(state.services.db)
    : { ok: false, detail: 'not known' }
  return { database, migrations, traffic }
}

async function reachable(db: Kysely<Database>): Promise<Check> {
  const started = performance.now()
  try {
    await within(sql`select 1`.execute(db), databasePatience)
    return { ok: true, detail: `answered in ${Math.round(performance.now() - started)} ms` }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'not reached' }
  }
}

async function migrated(db: Kysely<Database>): Promise<Check> {
  try {
    const applied = await within(appliedMigration(db), databasePatience)
    if (applied === newestMigration) return { ok: true, detail: applied }
    // A newer version has migrated and is about to take over: until then people are served by this one. It would not
    // start on such a database (cli/bring-schema.ts).
    if (applied !== null && applied > newestMigration)
      return {
        ok: true,
        detail: `at ${applied}, newer than this version, which ends with ${newestMigration}`,
      }
    return {
      ok: false,
      detail: `at ${applied ?? 'nothing'}, this version needs ${newestMigration}`,
    }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : 'not known' }
  }
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

async function metrics({ metrics }: Services, response: ServerResponse): Promise<void> {
  const text = await metrics.scrape()
  response.writeHead(200, { 'content-type': metrics.registry.contentType })
  response.end(text)
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(`${JSON.stringify(body)}\n`)
}
