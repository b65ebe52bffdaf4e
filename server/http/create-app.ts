import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Services } from '../services.ts'
import type { Assets } from './assets.ts'
import { httpLimits } from './limits.ts'
import type { Pages } from './pages.ts'
import { refusalResponse } from './refusal-response.ts'
import type { TrpcHttp } from './trpc-http.ts'
import type { Visit } from './visit.ts'

export type AppBindings = HttpBindings & { visit: Visit }
type AppRequest = Context<{ Bindings: AppBindings }>
export type App = Hono<{ Bindings: AppBindings }>

/** What stands behind the gate: the API, the files of the build, the pages. */
export function createApp(parts: {
  services: Services
  trpc: TrpcHttp
  assets: Assets
  pages: Pages
}): App {
  const { services, trpc, assets, pages } = parts
  const app: App = new Hono()
  const limit = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: ({ env, req }: AppRequest) =>
        refusalResponse({ reason: 'PAYLOAD_TOO_LARGE' }, env.visit, req.raw),
    })

  app.use('/trpc/*', limit(httpLimits.apiBodyBytes))
  app.all('/trpc/*', ({ env, req }) => trpc(req.raw, env.visit))
  app.use(limit(httpLimits.formBodyBytes))
  app.all('*', ({ env, req }) => assets(req.raw, env.visit) ?? pages(req.raw, env.visit))

  app.onError((error, { env, req }) => {
    if (!req.raw.signal.aborted)
      services.log.error({ err: error, requestId: env.visit.requestId }, 'a request failed')
    return refusalResponse({ reason: 'INTERNAL' }, env.visit, req.raw)
  })
  return app
}
