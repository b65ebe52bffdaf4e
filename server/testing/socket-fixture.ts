/** Two instances with their web ports, and clients of them: raw sockets, and tRPC's own as its documentation shows. */
import { createTRPCClient, createWSClient, wsLink, type TRPCClient } from '@trpc/client'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import type { FactItem } from '../features/events/fact.subscription.ts'
import { createSockets, type Sockets } from '../http/sockets/create-sockets.ts'
import type { AppRouter } from '../router.ts'
import type { TestPerson } from './factories.ts'
import { createTestApp, type TestApp, type TestAppOptions } from './test-app.ts'
import { startTestServer, type TestServer } from './test-server.ts'

export interface SocketFixture {
  app: TestApp
  servers: [TestServer, TestServer]
  /** A private thread of Ada and Ben. */
  thread: string
  /** A browser's socket: the cookie and the page's own origin come with the upgrade. */
  openRaw: (server: TestServer, person: TestPerson | null, path?: string) => WebSocket
  /** @trpc/client over the ws package; by a token, or as the person's browser. */
  stockClient: (
    server: TestServer,
    person: TestPerson,
    options?: { token?: string; connections?: WebSocket[] },
  ) => TRPCClient<AppRouter>
  /** Subscribes to the facts. */
  follow: (client: TRPCClient<AppRouter>, cursor?: string) => Heard
  /** Sends to the thread, in process. */
  send: (person: TestPerson, text: string) => Promise<unknown>
  /** Sockets of the first instance on a port of their own, with other times. */
  standAlone: (
    times?: Parameters<typeof createSockets>[1],
  ) => Promise<{ sockets: Sockets; server: TestServer }>
  /** Done at the end of the test. */
  later: (cleanUp: () => unknown) => void
  /** Ends what the test opened. */
  cleanUp: () => Promise<void>
  close: () => Promise<void>
}

export interface Frame {
  id: number | null
  method?: string
  result?: { type: string; id?: string; data?: unknown }
  error?: { data: { reason: string; code: string; requestId: string; retryAfter?: number } }
}

export interface Heard {
  items: { id: string; data: FactItem }[]
  errors: unknown[]
}

export async function openSocketFixture(
  options: Omit<TestAppOptions, 'instances'> = {},
): Promise<SocketFixture> {
  const env = { PORT: '0', OPS_PORT: '0', ...options.env }
  const app = await createTestApp({ ...options, instances: 2, env })
  const [one, two] = app.instances
  if (!one || !two) throw new Error('two instances were asked for')
  const servers: [TestServer, TestServer] = [await startTestServer(one), await startTestServer(two)]
  const { ada, ben } = app.people
  const made = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Sockets',
    participantIds: [ben.user.id],
  })
  const thread = made.thread.id
  const cleanUps: (() => unknown)[] = []

  return {
    app,
    servers,
    thread,

    openRaw(server, person, path = '') {
      const ws = new WebSocket(`${server.socketUrl}${path}`, {
        headers: { origin: server.url, ...(person ? { cookie: person.cookieHeader } : {}) },
      })
      cleanUps.push(() => ws.terminate())
      ws.on('error', () => undefined)
      return ws
    },

    stockClient(server, person, { token, connections = [] } = {}) {
      class Socket extends WebSocket {
        constructor(url: string) {
          const cookie = token ? {} : { cookie: person.cookieHeader }
          super(url, { headers: { origin: server.url, ...cookie } })
          connections.push(this)
        }
      }
      const ws = createWSClient({
        url: server.socketUrl,
        WebSocket: Socket as unknown as typeof globalThis.WebSocket,
        retryDelayMs: () => 50,
        ...(token ? { connectionParams: { token } } : {}),
      })
      cleanUps.push(() => ws.close())
      return createTRPCClient<AppRouter>({ links: [wsLink({ client: ws })] })
    },

    follow(client, cursor) {
      const heard: Heard = { items: [], errors: [] }
      const subscription = client.events.stream.subscribe(
        cursor === undefined ? undefined : { cursor },
        {
          onData: (item) => heard.items.push(item),
          onError: (error) => heard.errors.push(error),
        },
      )
      cleanUps.push(() => subscription.unsubscribe())
      return heard
    },

    send: (person, text) =>
      person.on(one).messages.send({ threadId: thread, clientId: randomUUID(), text }),

    async standAlone(times) {
      const sockets = createSockets(one, times)
      const http = createServer()
      http.on('upgrade', (request, socket, head) =>
        sockets.accept(request, socket, head, {
          address: '127.0.0.1',
          userAgent: null,
          cookieHeader: request.headers.cookie ?? null,
          authorization: null,
          refuse: ({ reason }) => socket.end(`HTTP/1.1 503 ${reason}\r\nContent-Length: 0\r\n\r\n`),
        }),
      )
      await once(http.listen(0, '127.0.0.1'), 'listening')
      cleanUps.push(() => {
        sockets.close()
        http.close()
      })
      const { port } = http.address() as AddressInfo
      const url = `http://127.0.0.1:${port}`
      return { sockets, server: { ...servers[0], url, socketUrl: `ws://127.0.0.1:${port}/trpc` } }
    },

    later: (cleanUp) => cleanUps.push(cleanUp),

    async cleanUp() {
      for (const cleanUp of cleanUps.splice(0)) await cleanUp()
    },

    async close() {
      for (const server of servers) await server.http.close()
      await app.close()
    },
  }
}

/** Bytes written to the sockets of the first instance, and not yet taken by whoever should read them. */
export async function bytesWaiting({ app }: SocketFixture): Promise<number> {
  const text = await app.services.metrics.scrape()
  const [, bytes] = /^skein_queue_bytes (\d+)$/m.exec(text) ?? []
  if (bytes === undefined) throw new Error('no metric says how much waits')
  return Number(bytes)
}

/** Collects what the server sends. */
export function collect(ws: WebSocket): Frame[] {
  const frames: Frame[] = []
  ws.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  return frames
}

/** The code that a socket was closed with. */
export async function closed(ws: WebSocket): Promise<number> {
  const [code] = (await once(ws, 'close')) as [number]
  return code
}

/** The messages among the facts. */
export const textsOf = ({ items }: Heard): string[] =>
  items.flatMap(({ data }) =>
    data.events.flatMap((event) =>
      event.type === 'message.posted' ? [event.payload.message.text] : [],
    ),
  )
