import { rawRequest, sendRaw, type RawAnswer } from './raw-http.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { startTestServer, type TestServer } from './test-server.ts'
import { createTestWebBuild, type TestWebBuild } from './test-web-build.ts'

/** A server with its cast and small pages, asked over real sockets, byte for byte. */
export interface HttpFixture {
  app: TestApp
  build: TestWebBuild
  server: TestServer
  /** Header lines of a page of ours: the port is part of where it comes from. */
  host: string
  origin: string
  cookieOf: (name: 'ada' | 'ben') => string
  get: (target: string, lines?: readonly string[], method?: string) => Promise<RawAnswer>
  post: (target: string, lines: readonly string[], body: string) => Promise<RawAnswer>
  upgrade: (target: string, lines: readonly string[]) => Promise<RawAnswer>
  close: () => Promise<void>
}

/** A name that the server answers to. */
export const anyHost = 'Host: localhost'
export const form = 'Content-Type: application/x-www-form-urlencoded'

export async function openHttp(env: Record<string, string> = {}): Promise<HttpFixture> {
  const app = await createTestApp({ env: { PORT: '0', OPS_PORT: '0', ...env } })
  const build = await createTestWebBuild()
  const server = await startTestServer(app.services, build)
  const { url } = server
  return {
    app,
    build,
    server,
    host: `Host: ${new URL(url).host}`,
    origin: `Origin: ${url}`,
    cookieOf: (name) => `Cookie: ${app.people[name].cookieHeader}`,
    get: (target, lines = [anyHost], method = 'GET') =>
      sendRaw(url, rawRequest(method, target, lines)),
    post: (target, lines, body) =>
      sendRaw(
        url,
        rawRequest('POST', target, [...lines, `Content-Length: ${Buffer.byteLength(body)}`], body),
      ),
    upgrade: (target, lines) => sendRaw(url, upgradeRequest(target, lines)),
    async close() {
      await server.http.close()
      await app.close()
      await build.remove()
    },
  }
}

/** Without the `Connection: close` of other raw requests. */
function upgradeRequest(target: string, lines: readonly string[]): string {
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  const head = [
    anyHost,
    'Upgrade: websocket',
    'Connection: Upgrade',
    key,
    'Sec-WebSocket-Version: 13',
  ]
  return [`GET ${target} HTTP/1.1`, ...head, ...lines, '', ''].join('\r\n')
}
