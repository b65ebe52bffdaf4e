/**
 * `npm run chaos [-- --long] [-- --seed N] [-- --only nats,kill]`: real parts, real faults, and a checker that counts
 * what was lost, doubled, reordered or leaked. Ends with 1 when anything was, or when a bound did not hold.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureWebBuild } from '../scripts/web-build.ts'
import { faults } from './faults/index.ts'
import { Stage, type Fault } from './fault.ts'
import { Random } from './random.ts'
import { describeFault, summaryLine, type FaultResult } from './report.ts'
import { World } from './world.ts'

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

async function play(fault: Fault, world: World, random: Random): Promise<FaultResult> {
  const begin = Date.now()
  const stage = new Stage(fault.name, world, random.fork(fault.name), values.long)
  const deathsBefore = world.deaths.length
  let broke: string | null = null
  try {
    await fault.run(stage)
  } catch (error) {
    broke = error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    stage.clear()
  }
  const deaths = world.deaths.slice(deathsBefore)
  const seconds = (Date.now() - begin) / 1_000
  const { bounds, reports } = stage
  return { fault, bounds, reports, deaths, broke, seconds }
}

const order = chosen()
const print = (text: string) => process.stdout.write(`${text}\n`)
const kind = values.long ? 'long' : 'short'
print(`chaos: ${kind} run, seed ${seed}: ${order.map(({ name }) => name).join(', ')}`)
// Nobody looks at a page here: any build will do.
if (!existsSync('build/server/index.js')) await ensureWebBuild()
rmSync(`${folder}.json`, { force: true })
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const random = new Random(String(seed))
const world = await World.open({ instances: values.long ? 3 : 2, logFolder: folder })
const results: FaultResult[] = []
try {
  for (const fault of order) {
    const result = await play(fault, world, random)
    results.push(result)
    print(describeFault(result))
    if (result.broke !== null) break
    world.clearWeather()
    await world.untilReady()
  }
} finally {
  await world.close()
}
const { line, passed, failed } = summaryLine(results, { seed, kind, planned: order.length })
writeFileSync(`${folder}.json`, JSON.stringify({ passed, failed }))
print(line)
process.exit(failed > 0 ? 1 : 0)
