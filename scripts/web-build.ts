import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'build/made-from')

/** What the build is made from. The server is in it for its schemas, which the app may import. */
const folders = ['app', 'client', 'public', 'server']
const files = [
  'package-lock.json',
  'remix.config.js',
  'tailwind.config.ts',
  'tsconfig.json',
  'vite.config.ts',
]

/**
 * Builds the web app unless the build that is there was made from the very same sources.
 * A build that fails ends the process, with what it said.
 */
export async function ensureWebBuild(): Promise<void> {
  const sources = await hashSources()
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) return
  console.log('Building the web app (only when its sources changed) …')
  const begin = Date.now()
  await rm(stamp, { force: true })
  const { status, stdout, stderr } = spawnSync('remix', ['vite:build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
  })
  if (status !== 0) {
    process.stderr.write(stdout + stderr)
    console.error('skein: the web app could not be built (see above)')
    process.exit(1)
  }
  await writeFile(stamp, sources)
  console.log(`Built in ${Math.round((Date.now() - begin) / 1000)} s.`)
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of [...(await Promise.all(folders.map(listFolder))).flat(), ...files]) {
    hash
      .update(`${path}\0`)
      .update(await readFile(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

async function listFolder(folder: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return []
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.startsWith('client/dist/'))
    .sort()
}
