import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../server/testing/test-db.ts'
import { connect } from './client.ts'
import { DatabaseSilentError, PoolExhaustedError } from './pool-failure.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

test('who gets no connection is told so in time, and does not take one later', async () => {
  const { db, pool } = connect({ url: database.url, maxConnections: 1 })
  try {
    const long = sql`select pg_sleep(2.5)`.execute(db)
    const started = performance.now()
    let ran = false
    const late = db.connection().execute(async () => {
      ran = true
    })
    await expect(late).rejects.toBeInstanceOf(PoolExhaustedError)
    expect(performance.now() - started).toBeLessThan(2_400)
    await long
    await sql`select 1`.execute(db)
    expect({ ran, waiting: pool.waitingCount, idle: pool.idleCount }).toEqual({
      ran: false,
      waiting: 0,
      idle: 1,
    })
  } finally {
    await db.destroy()
  }
})

test('a connection that takes its time to open is no sign of silence while another one is heard', async () => {
  await using door = await openDoor()
  const { db } = connect({ url: door.url, maxConnections: 2 })
  try {
    await db.connection().execute(async (first) => {
      await sql`select 1`.execute(first)
      door.shut()
      const failed = db
        .connection()
        .execute(async () => undefined)
        .catch((error: unknown) => error)
      const talk = async (until: number) => {
        while (performance.now() < until) await sql`select pg_sleep(0.05)`.execute(first)
      }
      await talk(performance.now() + 2_000)
      expect(await failed).toBeInstanceOf(PoolExhaustedError)
    })
    // Nothing is heard of any other now.
    const sleep = () => db.connection().execute((own) => sql`select pg_sleep(3)`.execute(own))
    const [, second] = await Promise.allSettled([sleep(), sleep()])
    expect(second).toMatchObject({ reason: expect.any(DatabaseSilentError) as unknown })
  } finally {
    await db.destroy()
  }
})

test('a lock that somebody holds is waited for no longer than a call may take', async () => {
  const { db } = connect({ url: database.url, maxConnections: 2 })
  try {
    await db.transaction().execute(async (holder) => {
      await sql`lock table streams in access exclusive mode`.execute(holder)
      const started = performance.now()
      await expect(db.selectFrom('streams').select('id').execute()).rejects.toMatchObject({
        code: '55P03',
      })
      expect(performance.now() - started).toBeLessThan(2_400)
    })
  } finally {
    await db.destroy()
  }
})

/** Postgres behind a door: what comes after it was shut is accepted, and never hears anything. */
async function openDoor() {
  const { hostname, port } = new URL(database.url)
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (!open) return
    const inside = connectSocket(Number(port), hostname)
    inside.on('error', () => socket.destroy())
    socket.on('close', () => inside.destroy())
    inside.on('close', () => socket.destroy())
    socket.pipe(inside).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the door has no address')
  const url = new URL(database.url)
  url.host = `127.0.0.1:${address.port}`
  return {
    url: url.href,
    shut: () => {
      open = false
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
