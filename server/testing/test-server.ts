import { createHttpServer, type HttpServer } from '../http/create-http-server.ts'
import type { WebBuild } from '../http/web-build.ts'
import type { Services } from '../services.ts'

export interface TestServer {
  /** http://localhost:port */
  url: string
  /** ws://localhost:port/trpc */
  socketUrl: string
  /** Health and metrics. */
  opsUrl: string
  http: HttpServer
}

const noPages: WebBuild = {
  assets: () => null,
  load: () => Promise.reject(new Error('this test server has no pages')),
}

/** The real web port of an instance, with the API and sockets. Needs PORT=0 and OPS_PORT=0. */
export async function startTestServer(
  services: Services,
  build = noPages,
  drainSpreadMs = 200,
): Promise<TestServer> {
  const http = await createHttpServer(services, { build, drainSpreadMs })
  const { url, opsUrl } = await http.listen()
  return { url, opsUrl, socketUrl: `${url.replace('http', 'ws')}/trpc`, http }
}
