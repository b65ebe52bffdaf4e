/**
 * Two promises of the lockfile, nested copies included: no package is older than what closed a known hole, and every
 * platform's binaries are named, so that `npm ci` works on each of them.
 */
import { readFile } from 'node:fs/promises'

interface Package {
  version?: string
  optionalDependencies?: Record<string, string>
}

/** Per package the lowest version we accept; with several, the one of the same major counts. */
const floors: Record<string, string[]> = {
  '@remix-run/router': ['1.23.4'],
  '@trpc/client': ['11.8.0'],
  '@trpc/server': ['11.8.0'],
  '@trpc/tanstack-react-query': ['11.8.0'],
  'file-type': ['21.3.1'],
  'graphql-yoga': ['5.0.0'],
  kysely: ['0.28.17'],
  'linkify-it': ['5.0.2'],
  'markdown-it': ['14.2.0'],
  'react-router': ['6.30.6'],
  'react-router-dom': ['6.30.6'],
  sharp: ['0.35.4'],
  undici: ['6.27.0', '7.0.0'],
  vite: ['6.4.2'],
  ws: ['8.21.0'],
}

const lockfile = new URL('../package-lock.json', import.meta.url)
const { packages } = JSON.parse(await readFile(lockfile, 'utf8')) as {
  packages: Record<string, Package>
}
const complaints = Object.entries(packages).flatMap(([path, entry]) => [
  ...tooOld(path, entry),
  ...missingPlatforms(path, entry),
])
for (const complaint of complaints) console.error(complaint)
if (complaints.length > 0) process.exit(1)
console.log(`${Object.keys(packages).length - 1} packages: none below its floor, none missing`)

function tooOld(path: string, { version }: Package): string[] {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const accepted = floors[name]
  if (accepted === undefined || version === undefined) return []
  const floor =
    accepted.find((each) => major(each) === major(version)) ?? accepted.at(-1) ?? version
  return compare(version, floor) < 0 ? [`${path} is ${version}, at least ${floor} is needed`] : []
}

/** npm forgets the binaries of other platforms when it updates a lockfile beside a node_modules. */
function missingPlatforms(path: string, { optionalDependencies = {} }: Package): string[] {
  return Object.keys(optionalDependencies)
    .filter(
      (name) => !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`]),
    )
    .map((name) => `${path || 'package.json'} may need ${name}, which the lockfile does not name`)
}

/** Where Node would look for what `path` imports, nearest first. */
function foldersAbove(path: string): string[] {
  const parts = path === '' ? [] : path.split('/node_modules/')
  return [
    ...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/`),
    '',
  ]
}

function major(version: string): number {
  return Number(version.split('.')[0])
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map(
    (version) => version.split(/[-+]/)[0]?.split('.').map(Number) ?? [],
  )
  const differences = (left ?? []).map((part, index) => part - (right?.[index] ?? 0))
  return differences.find((difference) => difference !== 0) ?? 0
}
