/** The server that Playwright tests against: the build, a free port, an empty data folder that goes when it goes. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { becomeSkein } from './become-skein.ts'
import { ensureWebBuild } from './web-build.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-e2e-'))
// As root, Postgres runs as somebody else, who has to pass through.
chmodSync(folder, 0o711)
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

Object.assign(process.env, {
  DATA_DIR: folder,
  // Whatever the developer's own shell says.
  DATABASE_URL: '',
  NATS_URL: '',
  PUBLIC_URL: '',
  PORT: '0',
  OPS_PORT: '0',
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  STOP_TIMEOUT: '5',
})
await ensureWebBuild()
await becomeSkein('serve')
