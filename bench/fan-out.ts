/**
 * One thread, many subscribers: what a delivery costs the server. Starts a Postgres and one instance of its own,
 * opens the sockets from this process, sends messages, and reads the instance's CPU time and memory from /proc.
 *
 *   node bench/fan-out.ts [--subscribers 1000] [--messages 300] [--inflight 10]
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { startEmbeddedPostgres } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'
import { readEnv } from '../server/env.ts'
import { createServices } from '../server/services.ts'
import { addPerson, type TestPerson } from '../server/testing/factories.ts'

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '300' },
    inflight: { type: 'string', default: '10' },
  },
})
const subscribers = Number(values.subscribers)
const messages = Number(values.messages)
const inflight = Number(values.inflight)
const socketsEach = 20
const port = 3_900 + Math.floor(Math.random() * 90)

const folder = await mkdtemp(join(tmpdir(), 'skein-bench-'))
await chmod(folder, 0o711)
const postgres = await startEmbeddedPostgres({ dataDir: folder })
await migrate(postgres.url)
const env = readEnv({ LOG_LEVEL: 'silent' })
const services = await createServices(env, postgres.url)
const people: TestPerson[] = []
for (let i = 0; i < Math.ceil(subscribers / socketsEach); i++)
  people.push(await addPerson(services, `Person ${i}`, `person${i}`))
const [sender] = people
if (!sender) throw new Error('no people')
const { thread } = await sender.api.threads.create({
  clientId: randomUUID(),
  kind: 'private',
  title: 'Fan-out',
  participantIds: people.slice(1).map(({ user }) => user.id),
})

const instance = spawn(process.execPath, ['bench/instance.ts'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    NODE_ENV: 'production',
    PATH: '/usr/bin:/bin',
    DATABASE_URL: postgres.url,
    PORT: String(port),
    OPS_PORT: String(port + 5_000),
    LOG_LEVEL: 'warn',
  },
})
const url = `http://127.0.0.1:${port}`
for (let ready = false; !ready; await sleep(100))
  ready = await fetch(`${url.replace(String(port), String(port + 5_000))}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Seconds of CPU and bytes of memory of the instance. */
async function usage(): Promise<{ cpu: number; rss: number }> {
  const stat = await readFile(`/proc/${instance.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, rss: Number(fields[21]) * 4_096 }
}

let delivered = 0
const latencies: number[] = []
const sentAt = new Map<string, number>()
function open(person: TestPerson): Promise<WebSocket> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/trpc`, {
    headers: { cookie: person.cookieHeader, origin: url },
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    ws.on('error', reject)
    ws.on('open', () =>
      ws.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } })),
    )
    let items = 0
    ws.on('message', (data) => {
      const text = (data as Buffer).toString()
      if (text.includes('"cursor"') && items++ === 0) resolve(ws)
      for (const [, clientId] of text.matchAll(/"clientId":"([0-9a-f-]{36})"/g)) {
        const at = sentAt.get(clientId ?? '')
        if (at === undefined) continue
        delivered++
        latencies.push(performance.now() - at)
      }
    })
  })
}

await sleep(1_000)
const empty = await usage()
const sockets: WebSocket[] = []
for (let i = 0; i < subscribers; i += 50)
  sockets.push(
    ...(await Promise.all(
      Array.from({ length: Math.min(50, subscribers - i) }, (_, j) => {
        const person = people[Math.floor((i + j) / socketsEach)]
        if (!person) throw new Error('too few people')
        return open(person)
      }),
    )),
  )
await sleep(3_000)
const idle = await usage()

async function send(): Promise<void> {
  const clientId = randomUUID()
  sentAt.set(clientId, performance.now())
  const response = await fetch(`${url}/trpc/messages.send`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: url,
      cookie: sender?.cookieHeader ?? '',
    },
    body: JSON.stringify({
      threadId: thread.id,
      clientId,
      text: 'forty bytes of text in every message here',
    }),
  })
  if (!response.ok) throw new Error(`send failed: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

async function run(name: string, n: number, width: number, pauseMs: number): Promise<void> {
  delivered = 0
  latencies.length = 0
  const before = await usage()
  const started = performance.now()
  let left = n
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) {
        await send()
        if (pauseMs > 0) await sleep(pauseMs)
      }
    }),
  )
  for (const deadline = Date.now() + 30_000; delivered < n * subscribers && Date.now() < deadline;)
    await sleep(10)
  const seconds = (performance.now() - started) / 1_000
  const { cpu } = await usage()
  const sorted = [...latencies].sort((a, b) => a - b)
  const quantile = (q: number) => sorted[Math.floor(sorted.length * q)]?.toFixed(1)
  process.stdout.write(
    `${name}: ${delivered} of ${n * subscribers} deliveries in ${seconds.toFixed(1)} s = ${Math.round(delivered / seconds)}/s; ` +
      `${(((cpu - before.cpu) / delivered) * 1e6).toFixed(1)} µs CPU each, ${Math.round(delivered / (cpu - before.cpu))} per CPU-second; ` +
      `send to seen p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms\n`,
  )
}

process.stdout.write(
  `${subscribers} idle subscribed connections: ${((idle.rss - empty.rss) / subscribers / 1024).toFixed(1)} KiB of memory each (server at ${Math.round(idle.rss / 2 ** 20)} MiB)\n`,
)
await run(`${inflight} in flight`, messages, inflight, 0)
await run('4 messages/s', 20, 1, 240)

for (const ws of sockets) ws.terminate()
instance.kill('SIGTERM')
await once(instance, 'exit')
await services.close()
await postgres.close()
await rm(folder, { recursive: true, force: true })
