/**
 * `npm run dev`: the server with Vite in it (pages change without a reload), started anew when a file of the server
 * changes. Postgres stays up meanwhile.
 */
import { watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { startChild, stopRequested, type Child } from './child.ts'
import { openOwnDatabase } from './own-database.ts'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const stop = stopRequested().then(() => 'stop' as const)
const database = await openOwnDatabase()
const env: NodeJS.ProcessEnv = {
  ...process.env,
  NODE_ENV: 'development',
  DATABASE_URL: database.url,
  // Nobody who is being hot-reloaded wants to wait for a polite goodbye.
  STOP_TIMEOUT: process.env.STOP_TIMEOUT ?? '1',
}

console.log(
  `Skein for developers: http://localhost:${process.env.PORT ?? 3000} (data in ${process.env.DATA_DIR ?? '.skein'})`,
)

let change = Promise.withResolvers<'change'>()
const watchers = ['server', 'db'].map((folder) =>
  watch(path(folder), { recursive: true }, (_event, file) => {
    if (file?.endsWith('.ts') && !file.endsWith('.test.ts')) change.resolve('change')
  }),
)

for (;;) {
  const server: Child = startChild(process.execPath, [path('server/main.ts'), 'serve', '--dev'], {
    env,
  })
  const event = await Promise.race([stop, change.promise, server.ended.then(() => 'end' as const)])
  if (event === 'end') console.log('The server has ended; it starts again when a file changes.')
  const next = event === 'end' ? await Promise.race([stop, change.promise]) : event
  await server.stop()
  if (next === 'stop') break
  // Editors write several files in one go.
  await sleep(150)
  change = Promise.withResolvers()
  console.log('A file of the server changed: starting anew.')
}
for (const watcher of watchers) watcher.close()
await database.close()
