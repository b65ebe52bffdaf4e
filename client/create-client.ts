import { createTRPCClient, httpBatchLink, httpLink, splitLink, type TRPCClient } from '@trpc/client'
import { errorLink } from './calls/error-link.ts'
import { sendSafely, type SendOptions } from './calls/send-safely.ts'
import { subscriptionLink } from './calls/subscription-link.ts'
import type { ConnectionView } from './connection/connection-state.ts'
import { Connection } from './connection/connection.ts'
import { EventStreamLine } from './connection/event-stream-line.ts'
import type { OpenLine } from './connection/line.ts'
import { SocketLine } from './connection/socket-line.ts'
import type { Message, Router } from './contract.ts'
import type { Following, FollowOptions } from './follow/follow.ts'
import { Follower } from './follow/follower.ts'
import { errorOfResponse } from './skein-error.ts'

/** How to reach a server. */
export interface ClientOptions {
  /** Of the server: `https://chat.example.org`. In a browser '' is the server of this page. */
  url: string
  /** A personal token (`auth.tokens.create`, `skein token`). In a browser, without one, the cookie counts. */
  token?: string | (() => string | Promise<string>) | undefined
  /** How facts come: over a WebSocket, or as server-sent events where upgrades are blocked. @default 'ws' */
  transport?: 'ws' | 'sse' | undefined
  /** Where there is no global one: Node before 22. */
  WebSocket?: typeof WebSocket | undefined
  /** In place of the global one. */
  fetch?: typeof fetch | undefined
}

/** Everything that a server can be asked, and what it announces. */
export interface SkeinClient {
  /**
   * Every procedure: `client.api.threads.list.query()`. Calls go over HTTP, subscriptions over the connection, which
   * they survive. Whatever fails is a SkeinError.
   */
  readonly api: TRPCClient<Router>
  /** How the client is connected, to be shown. */
  readonly connection: ConnectionView
  /** Sends a message, repeated safely until there is a definite answer. @throws SkeinError */
  send(message: SendOptions): Promise<Message>
  /**
   * The facts of everything the viewer may see: in order within each stream, each once, across reconnects and, with a
   * store or `commit`, across restarts. Await `done` of what it returns.
   */
  follow<Effects>(options: FollowOptions<Effects>): Following
  /** Stops whatever follows, waits for it, and ends the connection. Calls go on to work. */
  close(): Promise<void>
}

/**
 * A client of a Skein server. Nothing is connected before something is followed.
 *
 * @throws TypeError when the url is none, or there is no WebSocket and none was given
 */
export function createClient(options: ClientOptions): SkeinClient {
  const base = baseUrl(options.url)
  const ask = options.fetch ?? ((input, init) => fetch(input, init))
  const token = async () => (typeof options.token === 'function' ? options.token() : options.token)
  const connection = new Connection({ openLine: lineOpener(options, base, ask, token) })
  const http = {
    url: `${base}/trpc`,
    fetch: askForJson(ask),
    async headers() {
      const bearer = await token()
      return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
    },
  }
  const followers = new Set<Following>()
  const api = createTRPCClient<Router>({
    links: [
      errorLink,
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: subscriptionLink(connection),
        false: splitLink({
          // What changes something goes alone: its failure is its own.
          condition: ({ type }) => type === 'mutation',
          true: httpLink(http),
          false: httpBatchLink({ ...http, maxItems: 10, maxURLLength: 6_000 }),
        }),
      }),
    ],
  })
  return {
    api,
    connection,
    send: (message) => sendSafely(api, message),
    follow(how) {
      const follower = new Follower(connection, how, () => followers.delete(follower))
      followers.add(follower)
      return follower
    },
    async close() {
      await Promise.all([...followers].map((follower) => follower.stop()))
      connection.close()
    },
  }
}

/** What does not answer in JSON is a proxy's error page, or no Skein at all. */
function askForJson(ask: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await ask(input, init)
    if (/^application\/json\b/.test(response.headers.get('content-type') ?? '')) return response
    throw errorOfResponse(response)
  }
}

function baseUrl(url: string): string {
  const given = url === '' && typeof location !== 'undefined' ? location.origin : url
  const { protocol, href } = new URL(given)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new TypeError(`The url of a server begins with http:// or https://, not ${protocol}`)
  return href.replace(/\/+$/, '')
}

function lineOpener(
  { transport = 'ws', WebSocket = globalThis.WebSocket }: ClientOptions,
  base: string,
  fetch: typeof globalThis.fetch,
  token: () => Promise<string | undefined>,
): OpenLine {
  const url = `${base}/trpc`
  if (transport === 'sse') return (events) => new EventStreamLine({ url, token, fetch }, events)
  if (typeof WebSocket !== 'function')
    throw new TypeError('There is no WebSocket here: give one, or use the transport sse.')
  const socketUrl = url.replace(/^http/, 'ws')
  return (events) => new SocketLine({ url: socketUrl, token, WebSocket }, events)
}
