import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ServerBuild } from '@remix-run/server-runtime'
import type { WebBuild } from './web-build.ts'

/** Vite in place of a build: it serves the sources, changed ones without a restart. */
export interface Development extends WebBuild {
  middleware(incoming: IncomingMessage, outgoing: ServerResponse, next: () => void): void
  /** Vite's own socket, for hot reload. */
  ownsUpgrade(incoming: IncomingMessage): boolean
  close(): Promise<void>
}

/** Vite is there in development only, hence the import at run time. */
export async function startDevelopment(web: Server): Promise<Development> {
  const { createServer } = await import('vite')
  const ours = new Set(process.listeners('SIGTERM'))
  const vite = await createServer({
    // The gate alone says which other sites may read.
    server: { middlewareMode: true, hmr: { server: web }, cors: false },
    appType: 'custom',
  })
  // Remix's compiler runs a second Vite, which would end the process at SIGTERM before we have.
  for (const listener of process.listeners('SIGTERM'))
    if (!ours.has(listener)) process.off('SIGTERM', listener)
  return {
    assets: () => null,
    load: async () => (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild,
    middleware: (incoming, outgoing, next) => vite.middlewares(incoming, outgoing, next),
    ownsUpgrade: ({ headers }) =>
      /^vite-(?:hmr|ping)$/.test(headers['sec-websocket-protocol'] ?? ''),
    async close() {
      // Closed in the middle of looking for dependencies, Vite reports that as a failure.
      await vite.environments.client.depsOptimizer?.scanProcessing
      await vite.close()
    },
  }
}
