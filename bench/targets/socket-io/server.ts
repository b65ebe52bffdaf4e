/** What people would pick: Socket.IO with its Redis adapter, as the docs of both show them, an INSERT before each emit. */
import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import pg from 'pg'
import { createClient } from 'redis'
import { Server } from 'socket.io'
import type { PeerSettings } from '../peer-target.ts'

interface Message {
  id: string
  thread: number
  author: number
  text: string
  at: Date
}

const settings = JSON.parse(process.argv[2] ?? '') as PeerSettings
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: settings.poolSize })
const publisher = createClient({ url: settings.redisUrl ?? '' })
const subscriber = publisher.duplicate()
for (const client of [publisher, subscriber])
  client.on('error', (error) => process.stderr.write(`Redis: ${error.message}\n`))
await Promise.all([publisher.connect(), subscriber.connect()])

const http = createServer()
const io = new Server(http, { adapter: createAdapter(publisher, subscriber) })
io.on('connection', (socket) => {
  socket.on<number[]>('join', async (threads, acknowledge) => {
    await socket.join(threads.map((thread) => `thread:${thread}`))
    acknowledge('joined')
  })
  socket.on<Pick<Message, 'thread' | 'author' | 'text'>>(
    'send',
    async ({ thread, author, text }, acknowledge) => {
      const { rows } = await pool.query<Message>(
        'insert into messages (thread, author, text) values ($1, $2, $3) returning *',
        [thread, author, text],
      )
      io.to(`thread:${thread}`).emit('message', rows[0])
      acknowledge(rows[0]?.id)
    },
  )
  socket.on<{ thread: number; before: number }>('page', async ({ thread, before }, acknowledge) => {
    const { rows } = await pool.query<Message>(
      'select * from messages where thread = $1 and id < $2 order by id desc limit 50',
      [thread, before],
    )
    acknowledge(rows.reverse())
  })
})
http.listen(settings.port, '127.0.0.1', 4_096)
process.on('SIGTERM', () => process.exit(0))
