/**
 * Installs what the lockfile says, when that is not what is there. Runs before `npm start`, `npm test` and the like
 * (their `pre…` scripts), on whatever Node the machine has, maybe before there is a node_modules: plain JavaScript,
 * no dependency. What follows it in the same npm command already runs on the Node that the project brings.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const oldestNode = 20

/** @param {string} line */
function say(line) {
  // stderr: the output of `npm run skein -- … --json` is for programs.
  process.stderr.write(`${line}\n`)
}

/** @param {string} line */
function fail(line) {
  say(`skein: ${line}`)
  process.exit(1)
}

/** @type {(text: string) => { packages: Packages }} */
const parse = JSON.parse

/**
 * @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages
 * @param {string} path
 */
function readPackages(path) {
  const lockfile = parse(readFileSync(join(root, path), 'utf8'))
  return lockfile.packages
}

/** npm keeps, in node_modules, a lockfile of what it really installed: compare the two. */
function isInstalled() {
  if (!existsSync(join(root, 'node_modules/.bin/node'))) return false
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false
  const installed = readPackages('node_modules/.package-lock.json')
  return Object.entries(readPackages('package-lock.json')).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true
    const found = installed[path]
    // Optional packages are mostly for other platforms.
    return found === undefined ? wanted.optional === true : found.version === wanted.version
  })
}

function install() {
  say('Installing the packages of package-lock.json (a minute, only when it changed) …')
  const begin = Date.now()
  // The machine's own npm and Node: the project's are about to be replaced.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith('node_modules/.bin'))
    .join(delimiter)
  // Engine warnings are about the Node that installs, not about the one that will run.
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path, NODE_ENV: 'development' },
    stdio: ['ignore', 2, 2],
  })
  if (error) fail(`npm could not be started: ${error.message}`)
  if (status !== 0) fail('`npm ci` failed (its own words are above): nothing was started')
  if (!existsSync(join(root, 'node_modules/.bin/node'))) {
    fail(
      'npm did not run the install script of the package `node`, which brings Node 24: ' +
        'allow install scripts (package.json names them in `allowScripts`) and try again',
    )
  }
  say(`Installed in ${Math.round((Date.now() - begin) / 1000)} s.`)
}

if (process.platform === 'win32') {
  fail('Skein runs on Linux and macOS; on Windows use WSL')
}
if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  fail(`this is Node ${process.versions.node}; ${oldestNode} or newer is needed to install Skein`)
}
if (!isInstalled()) install()
