import { createHttpServer, type HttpServer } from '../http/create-http-server.ts'
import type { Services } from '../services.ts'

export interface TestServer {
  /** http://127.0.0.1:port */
  url: string
  /** ws://127.0.0.1:port/trpc */
  socketUrl: string
  http: HttpServer
}

/** The real web port of an instance, with the API and sockets and no pages. Needs PORT=0 and OPS_PORT=0. */
export async function startTestServer(services: Services): Promise<TestServer> {
  const http = await createHttpServer(services, {
    build: {
      assets: new Map(),
      load: () => Promise.reject(new Error('this test server has no pages')),
    },
  })
  const { url } = await http.listen()
  return { url, socketUrl: `${url.replace('http', 'ws')}/trpc`, http }
}
