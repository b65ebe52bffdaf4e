import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { waitFor } from '../testing/handlers-fixture.ts'
import { runSkein, type SkeinProcess } from '../testing/run-skein.ts'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { createTestDatabase } from '../testing/test-db.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function start(args: readonly string[], env: Record<string, string>): SkeinProcess {
  const skein = runSkein(args, env)
  cleanUps.push(() => skein.child.kill('SIGKILL'))
  return skein
}

async function database() {
  const made = await createTestDatabase()
  cleanUps.push(() => made.close())
  return made
}

async function occupy(): Promise<{ port: string; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => server.close())
  return { port: String((server.address() as AddressInfo).port), server }
}

/** With the sources instead of a build, which may not be there yet. */
const serve = ['serve', '--dev']

async function ready(skein: SkeinProcess): Promise<{ url: string; opsUrl: string }> {
  const [line] = await skein.said(/\{.*"msg":"ready"\}/)
  return JSON.parse(line) as { url: string; opsUrl: string }
}

test('it serves until SIGTERM, tells sockets to come again elsewhere, and ends with 0', async () => {
  const { url: DATABASE_URL } = await database()
  const skein = start(serve, { DATABASE_URL })
  const { url, opsUrl } = await ready(skein)
  expect(await (await fetch(`${url}/trpc/system.info`)).json()).toHaveProperty('result')
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`)
  await once(socket, 'open')
  const notice = once(socket, 'message') as Promise<[Buffer]>
  const closed = once(socket, 'close')

  skein.child.kill('SIGTERM')
  expect(JSON.parse((await notice)[0].toString())).toMatchObject({ method: 'reconnect' })
  expect((await fetch(`${opsUrl}/readyz`)).status).toBe(503)
  await closed
  expect(await skein.ended).toBe(0)
  expect(skein.stdout()).toContain('"msg":"stopped"')
  expect(skein.stderr()).toBe('')
}, 40_000)

test('pages of the real app carry the nonce of their policy on every script and style', async () => {
  const { url: DATABASE_URL } = await database()
  const { url } = await ready(start(serve, { DATABASE_URL }))
  for (const path of ['/sign-in', '/nothing-here']) {
    const response = await fetch(url + path)
    const policy = response.headers.get('content-security-policy') ?? ''
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? []
    const html = await response.text()
    const scripts = html.match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(2)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    expect(html).not.toMatch(/\sstyle="/)
  }
}, 40_000)

/** A call that waits for a lock, which nobody gives back. */
async function stuckCall(url: string, { db }: Awaited<ReturnType<typeof database>>) {
  const held = await db.startTransaction().execute()
  cleanUps.push(() => held.rollback().execute())
  // Of what nobody but a call asks for.
  await sql`lock table users in access exclusive mode`.execute(held)
  const outcome = fetch(`${url}/trpc/system.info`).then(
    () => 'answered',
    () => 'cut',
  )
  const isWaiting = async () => {
    const { rows } = await sql`
      select from pg_locks join pg_database on pg_database.oid = pg_locks.database
      where datname = current_database() and not granted`.execute(db)
    return rows.length > 0
  }
  await waitFor(isWaiting, 'the call waits for the lock')
  return { outcome, giveBack: () => held.rollback().execute() }
}

test('what is under way when it stops is finished', async () => {
  const own = await database()
  const skein = start(serve, { DATABASE_URL: own.url })
  const { url } = await ready(skein)
  const { outcome, giveBack } = await stuckCall(url, own)
  cleanUps.pop()
  skein.child.kill('SIGTERM')
  await sleep(500)
  await giveBack()
  expect(await outcome).toBe('answered')
  expect(await skein.ended).toBe(0)
}, 40_000)

/** A call whose body does not come to its end, and which nothing but a patient server waits for. */
async function stalledCall(url: string): Promise<{ outcome: Promise<string> }> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  cleanUps.push(() => socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    `POST /trpc/auth.signIn HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
  )
  // Said as the call is taken.
  const [goOn] = (await once(socket, 'data')) as [Buffer]
  expect(goOn.toString()).toMatch(/^HTTP\/1\.1 100 /)
  const outcome = new Promise<string>((resolve) => {
    socket.on('data', () => resolve('answered'))
    socket.on('close', () => resolve('cut'))
  })
  socket.write('{')
  return { outcome }
}

test('what takes longer than STOP_TIMEOUT is cut', async () => {
  const { url: DATABASE_URL } = await database()
  const skein = start(serve, { DATABASE_URL, STOP_TIMEOUT: '2' })
  const { url } = await ready(skein)
  const { outcome } = await stalledCall(url)
  const started = performance.now()
  skein.child.kill('SIGINT')
  expect(await outcome).toBe('cut')
  expect(performance.now() - started).toBeGreaterThan(1_900)
  expect(performance.now() - started).toBeLessThan(6_000)
}, 40_000)

test('a second Ctrl-C waits for nobody; npm passing on the first does not count as one', async () => {
  const { url: DATABASE_URL } = await database()
  const skein = start(serve, { DATABASE_URL, STOP_TIMEOUT: '60' })
  const { url } = await ready(skein)
  const { outcome } = await stalledCall(url)
  skein.child.kill('SIGINT')
  await sleep(50)
  skein.child.kill('SIGINT')
  await sleep(1_500)
  expect(skein.child.exitCode).toBe(null)
  skein.child.kill('SIGINT')
  expect(await outcome).toBe('cut')
}, 40_000)

test('when its own Postgres is killed it says so and ends with 1', async () => {
  const folder = await makeTempFolder()
  cleanUps.push(folder.remove)
  const skein = start(serve, { DATA_DIR: join(folder.path, 'data') })
  await ready(skein)
  const pid = await findPostmaster(folder.path)
  process.kill(pid, 'SIGKILL')
  expect(await skein.ended).toBe(1)
  expect(skein.stderr()).toMatch(/^skein: the embedded Postgres ended by itself: .*\n$/)
}, 40_000)

async function findPostmaster(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const file = names.find((name) => basename(name) === 'postmaster.pid')
  if (file === undefined) throw new Error('no Postgres is running there')
  return Number((await readFile(join(folder, file), 'utf8')).split('\n')[0])
}

test('a database that is not there yet is waited for, aloud and not ready', async () => {
  const { url: DATABASE_URL } = await database()
  const real = new URL(DATABASE_URL)
  const { port, server } = await occupy()
  server.close()
  const elsewhere = new URL(DATABASE_URL)
  elsewhere.host = `127.0.0.1:${port}`
  const probe = await occupy()
  probe.server.close()
  const opsPort = probe.port
  const skein = start(serve, { DATABASE_URL: elsewhere.href, OPS_PORT: opsPort })
  await skein.said(/waiting: the database is not there yet: .*ECONNREFUSED/)
  const readiness = await fetch(`http://127.0.0.1:${opsPort}/readyz`)
  expect(readiness.status).toBe(503)
  expect(await readiness.text()).toContain('ECONNREFUSED')

  // It comes: a door on that port to the real one.
  const door = createServer((socket) => {
    const inner = connect(Number(real.port), real.hostname)
    socket.on('error', () => inner.destroy())
    inner.on('error', () => socket.destroy())
    socket.pipe(inner).pipe(socket)
  }).listen(Number(port), '127.0.0.1')
  cleanUps.push(() => door.close())
  await ready(skein)
  skein.child.kill('SIGTERM')
  expect(await skein.ended).toBe(0)
}, 40_000)

test('asked to stop while it waits, it stops', async () => {
  const { port, server } = await occupy()
  server.close()
  const skein = start(serve, { DATABASE_URL: `postgres://u:secret@127.0.0.1:${port}/x` })
  await skein.said(/waiting: the database/)
  skein.child.kill('SIGINT')
  expect(await skein.ended).toBe(0)
  expect(skein.stdout() + skein.stderr()).not.toContain('secret')
})

test.each([['PORT'], ['OPS_PORT']])(
  'a taken %s is one line and 1, before any Postgres is started',
  async (variable) => {
    const { port } = await occupy()
    const folder = await makeTempFolder()
    cleanUps.push(folder.remove)
    const skein = start(serve, { [variable]: port, DATA_DIR: join(folder.path, 'data') })
    expect(await skein.ended).toBe(1)
    expect(skein.stderr()).toBe(
      `skein: port ${port} is taken by another program: stop it, or set ${variable} to a free port\n`,
    )
    expect(skein.stdout()).toBe('')
  },
)

test('bad variables are one line that names each of them, and 78', async () => {
  const skein = start(serve, { PORT: 'abc', LOG_LEVEL: 'loud' })
  expect(await skein.ended).toBe(78)
  expect(skein.stderr()).toMatch(/^skein: bad environment: PORT: .*; LOG_LEVEL: .*\n$/)
})

test('a data folder that cannot be used is one line and 1', async () => {
  const folder = await makeTempFolder()
  cleanUps.push(folder.remove)
  const file = join(folder.path, 'not-a-folder')
  await writeFile(file, '')
  const skein = start(serve, { DATA_DIR: file })
  expect(await skein.ended).toBe(1)
  expect(skein.stderr().trim().split('\n')).toHaveLength(1)
  expect(skein.stderr()).toContain(file)
})

test('a database of newer code is one line and 1', async () => {
  const { url: DATABASE_URL, db } = await database()
  const untyped = db.withTables<{ kysely_migration: { name: string; timestamp: string } }>()
  await untyped
    .insertInto('kysely_migration')
    .values({ name: '9999-later', timestamp: '' })
    .execute()
  for (const MIGRATE_ON_START of ['true', 'false']) {
    const skein = start(serve, { DATABASE_URL, MIGRATE_ON_START })
    expect(await skein.ended).toBe(1)
    expect(skein.stderr()).toMatch(
      /^skein: the database is at migration 9999-later, .*start the newer version\n$/,
    )
  }
})

test('a wrong password is one line without the password, and no waiting', async () => {
  const wrong = new URL((await database()).url)
  wrong.password = 'not-this-one'
  const skein = start(serve, { DATABASE_URL: wrong.href })
  expect(await skein.ended).toBe(1)
  expect(skein.stderr()).toMatch(
    /^skein: the database of DATABASE_URL cannot be used: password authentication failed .*\n$/,
  )
  expect(skein.stderr()).not.toContain('not-this-one')
})
