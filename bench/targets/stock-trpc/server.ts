/**
 * tRPC's own adapter, as its docs show it: applyWSSHandler, and a subscription that listens to an event emitter, reads
 * what was missed after the last id, and yields tracked items. A plain INSERT before each; NATS between the instances.
 */
import { EventEmitter, on } from 'node:events'
import { initTRPC, tracked } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { connect } from 'nats'
import pg from 'pg'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import type { PeerSettings } from '../peer-target.ts'

interface Message {
  id: string
  thread: number
  author: number
  text: string
  at: Date | string
}

const settings = JSON.parse(process.argv[2] ?? '') as PeerSettings
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.poolSize })
const nats = await connect({ servers: settings.natsUrl, noEcho: true, maxReconnectAttempts: -1 })
const emitter = new EventEmitter().setMaxListeners(0)
nats.subscribe('stock-trpc', {
  callback: (error, data) => {
    if (error) throw error
    const message = data.json<Message>()
    emitter.emit(`add:${message.thread}`, message)
  },
})

const t = initTRPC.create()
const appRouter = t.router({
  send: t.procedure
    .input(z.object({ thread: z.number(), author: z.number(), text: z.string() }))
    .mutation(async ({ input: { thread, author, text } }) => {
      const { rows } = await pool.query<Message>(
        'insert into messages (thread, author, text) values ($1, $2, $3) returning *',
        [thread, author, text],
      )
      const [message] = rows
      if (!message) throw new Error('nothing was inserted')
      emitter.emit(`add:${thread}`, message)
      nats.publish('stock-trpc', JSON.stringify(message))
      return message
    }),

  page: t.procedure
    .input(z.object({ thread: z.number(), before: z.number() }))
    .query(async ({ input: { thread, before } }) => {
      const { rows } = await pool.query<Message>(
        'select * from messages where thread = $1 and id < $2 order by id desc limit 50',
        [thread, before],
      )
      return rows.reverse()
    }),

  onMessage: t.procedure
    .input(z.object({ thread: z.number(), lastEventId: z.string().nullish() }))
    .subscription(async function* ({ input: { thread, lastEventId }, signal }) {
      // Subscribed first, so that nothing is missed while reading.
      const live = on(emitter, `add:${thread}`, signal ? { signal } : {})
      if (lastEventId) {
        const { rows } = await pool.query<Message>(
          'select * from messages where thread = $1 and id > $2 order by id',
          [thread, lastEventId],
        )
        for (const message of rows) yield tracked(message.id, message)
      }
      for await (const [message] of live as AsyncIterable<[Message]>)
        yield tracked(message.id, message)
    }),
})

const wss = new WebSocketServer({ host: '127.0.0.1', port: settings.port, backlog: 4_096 })
const handler = applyWSSHandler({
  wss,
  router: appRouter,
  createContext: () => ({}),
  keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 5_000 },
})
process.on('SIGTERM', () => {
  handler.broadcastReconnectNotification()
  process.exit(0)
})
