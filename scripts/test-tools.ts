import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const chromiumPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The Chromium that the end-to-end tests use: the one of the environment variable CHROMIUM, or of the system. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM ?? chromiumPlaces.find(isExecutable)
}

function findOnPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Brings what the tests need beside npm packages: with apt-get on Debian as root; elsewhere it says what to install.
 * @returns what is missing in the end, as lines for a person
 */
export function bringTestTools(): string[] {
  const tools = [
    {
      name: 'chromium',
      find: findChromium,
      hint: 'Chromium (or its path in the variable CHROMIUM)',
    },
    {
      name: 'nats-server',
      find: () => findOnPath('nats-server'),
      hint: 'nats-server (https://nats.io)',
    },
    { name: 'socat', find: () => findOnPath('socat'), hint: 'socat' },
    { name: 'curl', find: () => findOnPath('curl'), hint: 'curl' },
  ]
  let missing = tools.filter(({ find }) => find() === undefined)
  if (missing.length > 0 && isDebian() && process.getuid?.() === 0) {
    const names = missing.map(({ name }) => name)
    console.log(`Installing ${names.join(' and ')} with apt-get …`)
    apt('update')
    apt('install', '--yes', '--no-install-recommends', ...names)
    missing = tools.filter(({ find }) => find() === undefined)
  }
  const how = isDebian() ? ': apt-get install chromium nats-server socat curl, as root' : ''
  return missing.map(({ hint }) => `the tests need ${hint}${how}`)
}

function isDebian(): boolean {
  return (
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  )
}

function apt(...args: string[]): void {
  spawnSync('apt-get', ['-qq', ...args], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
