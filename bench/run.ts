/**
 * `npm run bench [-- --full] [--only bursts,idle] [--targets skein,ws] [--before CHECKOUT] [--json FILE]
 * [--profile FOLDER [--allocations]]`: the same workloads on Skein and on its peers, in turn, on this machine;
 * docs/performance.md says how and what came out.
 */
import { writeFile } from 'node:fs/promises'
import { bringPackages, bringPrograms } from './ground/bring-tools.ts'
import { openGround } from './ground/ground.ts'
import { endAllProcesses } from './ground/server-process.ts'
import { readOptions, sizeOf } from './options.ts'
import { describeResults } from './report/print-report.ts'
import { Results } from './report/results.ts'
import { runWorkloads } from './run-workloads.ts'
import { prepareBareWs } from './targets/bare-ws/bare-ws.ts'
import { prepareBefore, prepareSkein } from './targets/skein/skein.ts'
import { prepareSocketIo } from './targets/socket-io/socket-io.ts'
import { prepareStockTrpc } from './targets/stock-trpc/stock-trpc.ts'
import type { Prepare, Target, TargetName } from './targets/target.ts'

const prepare = (before: string | null): Record<TargetName, Prepare> => ({
  skein: (options) => prepareSkein(options),
  before: (options) => prepareBefore(before ?? '', options),
  ws: prepareBareWs,
  'socket-io': prepareSocketIo,
  trpc: prepareStockTrpc,
})
const longest = { short: 8 * 60_000, full: 40 * 60_000 }

const begin = performance.now()
const say = (line: string) =>
  process.stderr.write(
    `${((performance.now() - begin) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`,
  )

async function run(opened: AsyncDisposableStack): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const { targets: names, only, json } = options
  const withRedis = names.includes('socket-io')
  bringPrograms(withRedis ? ['nats-server', 'redis-server'] : ['nats-server'])
  if (withRedis) bringPackages()
  const ground = await openGround(opened, { withRedis })
  const historyMessages = only.has('history') ? sizeOf(options).historyMessages : 0
  const targets: Target[] = []
  // Growth makes worlds of its own.
  const isGrowthAlone = only.size === 1 && only.has('growth')
  for (const name of isGrowthAlone ? [] : names) {
    targets.push(await prepare(options.before)[name]({ ground, historyMessages }))
    say(`${name}: ready`)
  }
  const results = new Results()
  await runWorkloads({ ground, targets, options, results, say })
  process.stdout.write(`\n${describeResults(results, names)}\n`)
  if (json !== null) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`)
}

/**
 * Rejects at Ctrl-C, when it takes far too long, and when something failed that nobody waited for. Afterwards more of
 * that follows, since nothing is there any more: the first reason is the one that counts.
 */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    const isFull = process.argv.includes('--full')
    const late = isFull ? longest.full : longest.short
    setTimeout(() => reject(new Error('this takes too long: stopping')), late).unref()
    process.on('uncaughtException', reject)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => reject(new Error(`${signal}: stopping`)))
  })
}

const opened = new AsyncDisposableStack()
let exitCode = 0
try {
  await Promise.race([run(opened), interrupted()])
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  exitCode = 1
  endAllProcesses()
}
await opened.disposeAsync()
process.exit(exitCode)
