/**
 * The ceiling: what Node can do with `ws` and nothing on top. Messages inserted in groups, one frame per broadcast that
 * is made once and written to every socket, NATS between the instances. No permissions, no idempotency, no log.
 */
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect } from 'nats'
import pg from 'pg'
import { WebSocketServer, type WebSocket } from 'ws'
import type { PeerSettings } from '../peer-target.ts'
import { createGroupInsert } from './group-insert.ts'
import { createReader } from './reader.ts'
import { Rooms, type Member } from './rooms.ts'

type Request =
  | { id: number; op: 'join'; threads: number[] }
  | { id: number; op: 'send'; thread: number; author: number; text: string }
  | { id: number; op: 'resume'; thread: number; after: number; shared: boolean }
  | { id: number; op: 'page'; thread: number; before: number }

const settings = JSON.parse(process.argv[2] ?? '') as PeerSettings
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.poolSize })
const nats = await connect({ servers: settings.natsUrl, noEcho: true, maxReconnectAttempts: -1 })
const rooms = new Rooms()
const reader = createReader(pool)

const insert = createGroupInsert(pool, (messages) => {
  const events = messages.map((message) => ({
    ...message,
    json: JSON.stringify({ event: message }),
  }))
  nats.publish('bare-ws', JSON.stringify(events.map(({ thread, id, json }) => [thread, id, json])))
  for (const { thread, id, json } of events) rooms.broadcast(thread, id, json)
})
nats.subscribe('bare-ws', {
  callback: (error, message) => {
    if (error) throw error
    for (const [thread, id, json] of message.json<[number, number, string][]>())
      rooms.broadcast(thread, id, json)
  },
})

async function answer(ws: WebSocket, member: Member, request: Request): Promise<void> {
  const { id } = request
  switch (request.op) {
    case 'join':
      for (const thread of request.threads) rooms.join(member, thread)
      ws.send(`{"id":${id},"joined":true}`)
      return
    case 'send': {
      const { thread, author, text } = request
      insert({ thread, author, text }, (message) => ws.send(`{"id":${id},"message":${message}}`))
      return
    }
    case 'page':
      ws.send(`{"id":${id},"messages":${await reader.page(request.thread, request.before)}}`)
      return
    case 'resume':
      await resume(member, request)
      ws.send(`{"id":${id},"resumed":true}`)
  }
}

/** Listen, then look: what is broadcast meanwhile waits, and goes out after what was missed, without repeats. */
async function resume(
  member: Member,
  { thread, after, shared }: Extract<Request, { op: 'resume' }>,
): Promise<void> {
  const held: { id: number; frame: Buffer }[] = []
  member.held ??= new Map()
  member.held.set(thread, held)
  rooms.join(member, thread)
  const missed = await (shared ? reader.missedByMany(thread, after) : reader.missed(thread, after))
  for (const frame of missed.frames) member.socket.write(frame)
  for (const { id, frame } of held) if (!missed.ids.has(id)) member.socket.write(frame)
  member.resumed = missed.ids
  member.held.delete(thread)
  if (member.held.size === 0) member.held = null
}

const http = createServer()
const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
})
http.on('upgrade', (request, socket: Duplex, head: Buffer) => {
  server.handleUpgrade(request, socket, head, (ws) => {
    const member: Member = { socket, held: null, threads: new Set(), resumed: null }
    ws.on('message', (data) => {
      void answer(ws, member, JSON.parse((data as Buffer).toString()) as Request)
    })
    ws.on('close', () => rooms.leave(member))
    ws.on('error', () => ws.terminate())
  })
})
http.listen(settings.port, '127.0.0.1', 4_096)
process.on('SIGTERM', () => process.exit(0))
