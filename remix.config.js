import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const appDirectory = fileURLToPath(new URL('app', import.meta.url))

/**
 * The tree under `app/routes` is the tree of URLs. A folder with a `route.tsx` is a route:
 *
 *   _index      the index of its parent          $threadId  a parameter
 *   _shell      a layout without a URL segment   $          everything below
 *
 * A folder without one only adds its segment. Everything else in a folder belongs to its route alone.
 *
 * @param {import('@remix-run/dev/dist/config/routes.js').DefineRouteFunction} route
 * @param {string} folder path below app/routes
 * @param {string} url    path of that folder below the nearest route above it
 */
function addRoutes(route, folder, url) {
  const entries = readdirSync(join(appDirectory, 'routes', folder), { withFileTypes: true })
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const child = join(folder, entry.name)
    const segment = entry.name === '$' ? '*' : entry.name.replace(/^\$/, ':')
    const childUrl = entry.name.startsWith('_') ? url : [url, segment].filter(Boolean).join('/')
    const file = join('routes', child, 'route.tsx')
    if (!existsSync(join(appDirectory, file))) addRoutes(route, child, childUrl)
    else if (entry.name === '_index') route(url || undefined, file, { index: true })
    else route(childUrl || undefined, file, () => addRoutes(route, child, ''))
  }
}

/** @type {import('@remix-run/dev').VitePluginConfig} */
export default {
  serverModuleFormat: 'esm',
  buildDirectory: 'build',
  serverBuildFile: 'index.js',
  // Only the tree above makes routes, never a file that happens to lie in the folder.
  ignoredRouteFiles: ['**/*'],
  routes: (defineRoutes) => defineRoutes((route) => addRoutes(route, '', '')),
  future: {
    // One anonymous request for a long path list would hold the process for seconds.
    v3_lazyRouteDiscovery: false,
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_singleFetch: true,
    v3_throwAbortReason: true,
  },
}
