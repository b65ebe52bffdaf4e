import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { deliveriesOf, percentile, timeToHave } from '../check/delays.ts'
import { Doors } from '../crowd/doors.ts'
import { until } from '../crowd/scene.ts'
import type { Fault, Stage } from '../fault.ts'
import type { Instance } from '../parts/instance.ts'
import { NarrowLink } from '../parts/narrow-link.ts'
import type { World } from '../world.ts'

const mebibyte = 2 ** 20
/** Bytes: less would say that nobody felt it. */
const leastQueued = 64 * 1024
const behind = 'skein_resumes_total{reason="behind"}'

/** A third of all sockets stop reading, and are written to; then they read on. */
export const slowReaders: Fault = {
  name: 'slow',
  title: '100 of 300 sockets stop reading for 60 s',
  inShort: true,
  async run(stage) {
    const links: NarrowLink[] = []
    const doors = new Doors()
    try {
      for (const { name, links: own } of stage.world.instances) {
        const link = await NarrowLink.open(own.edge.target)
        links.push(link)
        doors.open = [...doors.open, { name, port: link.port }]
      }
      await stopReading(stage, doors)
    } finally {
      for (const link of links) await link.close()
    }
  },
}

/** @param doors where those come in who will stop */
async function stopReading(stage: Stage, doors: Doors): Promise<void> {
  const { world } = stage
  const scene = await stage.openScene({ people: stage.scale(40, 10), devices: 5, threads: 20 })
  // Long messages to those who will not read them, so that it amounts to something.
  const loud = await stage.openScene({
    ...{ people: stage.scale(20, 5), devices: 5, threads: 1, members: stage.scale(20, 5), doors },
    ...{ messagesPerSecond: 12, length: 9_000, overSocket: 0 },
  })
  // What an instance takes for this load when everyone reads: its most, over a while.
  const before = world.instances.map(() => 0)
  for (let second = 1; second <= stage.scale(25, 3); second++) {
    await sleep(1_000)
    const now = await Promise.all(world.instances.map(residentBytes))
    for (const [index, bytes] of now.entries()) before[index] = Math.max(before[index] ?? 0, bytes)
  }
  const calmUntil = Date.now()
  // On new connections: what has been read from for a while has got more room from the system.
  const slow = loud.devices
  for (const device of slow) device.lose()
  await sleep(100)
  await until(() => slow.every(({ isLive }) => isLive), 10_000)
  stage.exactly('readers that stop', slow.filter(({ isLive }) => isLive).length, slow.length)
  const fellBehindBefore = await sumOf(world, behind)
  const from = Date.now()
  // Half of them go on to give signs of life; the others are taken for gone before a minute is over.
  for (const [index, device] of slow.entries()) device.pause({ speaking: index % 2 === 0 })
  let queued = 0
  let growth = 0
  // The system's buffers take more at some times than at others: a short run goes on until there is something queued.
  const isOver = () => {
    const passed = Date.now() - from
    return passed >= stage.scale(60_000, queued < leastQueued ? 20_000 : 6_000)
  }
  while (!isOver()) {
    await sleep(1_000)
    const now = await Promise.all(world.instances.map(residentBytes))
    growth = Math.max(growth, ...now.map((bytes, index) => bytes - (before[index] ?? 0)))
    for (const instance of world.instances)
      queued = Math.max(queued, await instance.metric('skein_queue_bytes'))
  }
  const to = Date.now()
  for (const device of slow) device.resume()
  await sleep(500)
  const { history } = await stage.endScene(loud)
  const fast = await stage.endScene(scene)
  const fellBehind = (await sumOf(world, behind)) - fellBehindBefore

  const deliveries = deliveriesOf(fast.history, fast.clients)
  const delays = (low: number, high: number) =>
    deliveries
      .filter(({ committedAt }) => committedAt >= low && committedAt < high)
      .map(({ delay }) => delay)
  // Without the first seconds, in which they come: what was committed while somebody connects is late for them.
  const calm = delays(calmUntil - stage.scale(15_000, 2_000), calmUntil)
  const meanwhile = delays(from, to)
  stage.atMost('an instance grows by', growth / mebibyte, 64, 'MiB')
  stage.atMost('bytes queued in an instance', queued / mebibyte, 64, 'MiB')
  stage.atLeast('of which at some moment', queued / 1024, leastQueued / 1024, 'KiB')
  // Nearly all of those who give signs of life. In a short run there is not enough to read for it.
  if (stage.isLong)
    stage.atLeast('times a reader went back to the log', fellBehind, 0.45 * slow.length)
  stage.atLeast('deliveries to fast readers before', calm.length, 100)
  stage.atLeast('deliveries to them meanwhile', meanwhile.length, 100)
  const most = Math.max(2 * percentile(calm, 0.99), stage.scale(0, 500))
  stage.atMost('fast readers, p99', percentile(meanwhile, 0.99), most)
  const late = slow.map(({ record }) => timeToHave(record, history, { from: to, until: to }))
  stage.atMost('slow readers have everything after', Math.max(...late), 30_000)
}

async function sumOf({ instances }: World, metric: string): Promise<number> {
  const values = await Promise.all(instances.map((instance) => instance.metric(metric)))
  return values.reduce((sum, value) => sum + value, 0)
}

/** Resident memory of a process, as the kernel counts it. */
async function residentBytes({ pid }: Instance): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  return Number(kilobytes) * 1024
}
