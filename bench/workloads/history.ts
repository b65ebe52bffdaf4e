/** Row 6: pages of fifty at random depths of one long thread, over the target's own wire. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds } from '../ground/process-usage.ts'
import { world } from '../targets/target.ts'
import { openFleet, type Stage } from './stage.ts'
import { within } from './within.ts'

export interface HistoryResult {
  pagesPerSecond: number
  /** µs of CPU of the servers per page. */
  serverMicros: number
}

/** One person reads in so many windows, each asking for the next page when it has the last. */
const readers = 16
const pageSize = 50
/** One of so many is looked through: a page that is not whole is a quick one, but to look through all takes its time, too. */
const checkedOfEach = 16
/** In the text of each message of the history. */
const phrase = 'of a long conversation'
/** Servers are measured as they are when they have run for a while: compiled, their plans made. */
const warmUpMs = 3_000
const patienceMs = 30_000

export async function readHistory(
  stage: Stage,
  { messages, forMs }: { messages: number; forMs: number },
): Promise<HistoryResult> {
  await using opened = new AsyncDisposableStack()
  const fleet = await openFleet(opened, stage, {
    size: readers,
    person: () => 0,
    threads: () => [],
  })
  let isOver = false
  let pages = 0
  const reading = Promise.all(
    fleet.map(async (connection) => {
      while (!isOver) {
        const before = pageSize + 1 + Math.floor(Math.random() * (messages - pageSize))
        const page = await connection.page(world.historyThread, before)
        if (pages % checkedOfEach === 0) requireWholePage(page)
        pages++
      }
    }),
  )
  await Promise.race([sleep(warmUpMs), reading])
  const before = { pages, at: performance.now(), cpu: await cpuSeconds(stage.pids) }
  await Promise.race([sleep(forMs), reading])
  const read = pages - before.pages
  const seconds = (performance.now() - before.at) / 1_000
  const cpu = (await cpuSeconds(stage.pids)) - before.cpu
  isOver = true
  await within(patienceMs, 'the last pages', reading)
  return { pagesPerSecond: read / seconds, serverMicros: (cpu * 1e6) / read }
}

function requireWholePage(page: string): void {
  let found = 0
  for (let at = page.indexOf(phrase); at >= 0; at = page.indexOf(phrase, at + phrase.length))
    found++
  if (found !== pageSize) throw new Error(`a page of ${found} messages: ${page.slice(0, 300)}`)
}
