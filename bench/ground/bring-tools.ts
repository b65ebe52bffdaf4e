/** What the bench needs beside the packages of the root: installed on first use, or named when that cannot be done. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin'
const environment = {
  PATH: path,
  NODE_ENV: 'production',
  DEBIAN_FRONTEND: 'noninteractive',
} as const

/**
 * Programs of the system: installed with apt-get on Debian as root.
 * @throws Error that names what is missing.
 */
export function bringPrograms(names: readonly string[]): void {
  const isMissing = (name: string) =>
    spawnSync(name, ['--version'], { env: environment }).error !== undefined
  let missing = names.filter(isMissing)
  if (missing.length > 0 && isDebian() && process.getuid?.() === 0) {
    process.stderr.write(`Installing ${missing.join(' and ')} with apt-get …\n`)
    apt('update')
    apt('install', '--yes', '--no-install-recommends', ...missing)
    missing = missing.filter(isMissing)
  }
  if (missing.length > 0)
    throw new Error(
      `the bench needs ${missing.join(' and ')}: apt-get install ${missing.join(' ')}, as root`,
    )
}

function isDebian(): boolean {
  const file = '/etc/os-release'
  return existsSync(file) && /^ID=debian$/m.test(readFileSync(file, 'utf8'))
}

function apt(...args: string[]): void {
  spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2], env: environment })
}

interface Lockfile {
  packages: Record<string, { version?: string; optional?: boolean }>
}

/**
 * The packages of bench/package.json, as its lockfile says.
 * @throws Error when npm fails.
 */
export function bringPackages(): void {
  if (isInstalled()) return
  process.stderr.write('Installing the packages of bench/package-lock.json …\n')
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
    env: { ...environment, HOME: process.getuid?.() === 0 ? '/root' : folder },
    stdio: ['ignore', 2, 2],
  })
  if (error) throw new Error(`npm could not be started: ${error.message}`)
  if (status !== 0) throw new Error('`npm ci` in bench/ failed: see above')
}

/** npm keeps a lockfile of what it really installed. */
function isInstalled(): boolean {
  const kept = `${folder}node_modules/.package-lock.json`
  if (!existsSync(kept)) return false
  const installed = readLockfile(kept).packages
  return Object.entries(readLockfile(`${folder}package-lock.json`).packages).every(
    ([place, { version, optional }]) =>
      place === '' || (installed[place] ? installed[place].version === version : optional === true),
  )
}

function readLockfile(file: string): Lockfile {
  return JSON.parse(readFileSync(file, 'utf8')) as Lockfile
}
