/**
 * `npm run chaos [-- --long] [-- --seed N] [-- --only nats,kill]`: real parts, real faults, and a checker that counts
 * what was lost, doubled, reordered or leaked. Ends with 1 when anything was, or when a bound did not hold.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureWebBuild } from '../scripts/web-build.ts'
import { faults } from './faults/index.ts'
import type { Fault } from './fault.ts'
import { play } from './play.ts'
import { Random } from './random.ts'
import { summaryLine } from './report.ts'

const folder = 'test-results/chaos'

function fail(line: string): never {
  process.stderr.write(`chaos: ${line}\n`)
  process.exit(64)
}

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6))
if (!Number.isInteger(seed)) fail('--seed takes a whole number')

function chosen(): readonly Fault[] {
  if (values.only === undefined) return faults.filter(({ inShort }) => values.long || inShort)
  const names = values.only.split(',')
  const unknown = names.filter((name) => !faults.some((fault) => fault.name === name))
  const known = faults.map(({ name }) => name).join(', ')
  if (unknown.length > 0) fail(`no fault is called ${unknown.join(', ')}; there are ${known}`)
  return faults.filter(({ name }) => names.includes(name))
}

/** A long run plays them in an order of its seed. */
function inOrder(played: readonly Fault[]): readonly Fault[] {
  if (!values.long) return played
  const [early, late] = [
    played.filter(({ isLast }) => !isLast),
    played.filter(({ isLast }) => isLast),
  ]
  return [...random.fork('order').shuffle(early), ...late]
}

const random = new Random(String(seed))
const order = inOrder(chosen())
const print = (text: string) => process.stdout.write(`${text}\n`)
const kind = values.long ? 'long' : 'short'
print(`chaos: ${kind} run, seed ${seed}: ${order.map(({ name }) => name).join(', ')}`)
// Nobody looks at a page here: any build will do.
if (!existsSync('build/server/index.js')) await ensureWebBuild()
rmSync(`${folder}.json`, { force: true })
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stopping.abort(new Error('asked to stop')))
const results = await play({
  ...{ faults: order, random, isLong: values.long, logFolder: folder, print },
  signal: stopping.signal,
})
const { line, ...counts } = summaryLine(results, { seed, kind, planned: order.length })
writeFileSync(`${folder}.json`, JSON.stringify(counts))
print(line)
process.exit(counts.failed > 0 ? 1 : 0)
