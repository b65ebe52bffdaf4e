/** One suite for both buses: whatever is true of one must be true of the other. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until, upTo } from '../testing/log-fixture.ts'
import { startTestNats, type TestNats } from '../testing/test-nats.ts'
import type { Bus } from './bus.ts'
import { createMemoryBus, type MemoryNetwork } from './memory-bus.ts'
import { connectNatsBus } from './nats-bus.ts'

let nats: TestNats
beforeAll(async () => {
  nats = await startTestNats()
})
afterAll(() => nats.stop())

const log = pino({ level: 'silent' })
let network: MemoryNetwork = new Set()
const kinds = {
  memory: () => createMemoryBus(network),
  nats: () => connectNatsBus(nats.url, log),
}

/**
 * Resolves when `to` hears all that it has subscribed to, and has heard all that `from` has published: both are taken in
 * their order, so a marker that arrives is behind them.
 */
async function settle(from: Bus, to: Bus): Promise<void> {
  const subject = `marker.${randomUUID()}`
  const markers: string[] = []
  const stop = to.subscribe(subject, (data) => markers.push(data))
  const marking = setInterval(() => from.publish(subject, 'one of many'), 5)
  await until(() => markers.length > 0, 5_000, 'a marker').finally(() => clearInterval(marking))
  from.publish(subject, 'the last')
  await until(() => markers.includes('the last'), 5_000, 'the last marker')
  stop()
}

describe.each(Object.entries(kinds))('the %s bus', (_, open) => {
  const buses: Bus[] = []
  async function join(n: number): Promise<Bus[]> {
    buses.push(...Array.from({ length: n }, open))
    await until(() => buses.every((bus) => bus.connected), 3_000, 'connected')
    return buses
  }
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close()
    network = new Set()
  })

  test('carries a signal to every other instance and never back to the one it came from', async () => {
    const [a, b, c] = (await join(3)) as [Bus, Bus, Bus]
    const heard: string[] = []
    for (const [name, bus] of Object.entries({ a, b, c }))
      bus.subscribe('log.one', (data) => heard.push(`${name} ${data}`))
    const ways = [
      { from: a, to: b },
      { from: a, to: c },
      { from: b, to: a },
    ]
    for (const { from, to } of ways) await settle(from, to)
    a.publish('log.one', 'hello – 你好')
    for (const { from, to } of ways) await settle(from, to)
    expect(heard.sort()).toEqual(['b hello – 你好', 'c hello – 你好'])
  })

  test('keeps the order of one sender', async () => {
    const [a, b] = (await join(2)) as [Bus, Bus]
    const heard: number[] = []
    b.subscribe('log.one', (data) => heard.push(Number(data)))
    await settle(a, b)
    for (let i = 0; i < 200; i++) a.publish('log.one', String(i))
    await settle(a, b)
    expect(heard).toEqual(upTo(199, 0))
  })

  test('tells subjects apart, with * for one part and > for the rest', async () => {
    const [a, b] = (await join(2)) as [Bus, Bus]
    const heard: string[] = []
    for (const pattern of ['log.one', 'log.*', 'log.>', '*.one', '>'])
      b.subscribe(pattern, (_data, subject) => heard.push(`${pattern} ${subject}`))
    await settle(a, b)
    a.publish('log.two', '')
    a.publish('log.one.more', '')
    await settle(a, b)
    expect(heard.filter((each) => !each.startsWith('> marker.')).sort()).toEqual([
      '> log.one.more',
      '> log.two',
      'log.* log.two',
      'log.> log.one.more',
      'log.> log.two',
    ])
  })

  test('hears nothing more after it stopped listening', async () => {
    const [a, b] = (await join(2)) as [Bus, Bus]
    let heard = 0
    const stop = b.subscribe('log.one', () => heard++)
    await settle(a, b)
    a.publish('log.one', '')
    await settle(a, b)
    expect(heard).toBe(1)
    stop()
    await settle(a, b)
    a.publish('log.one', '')
    await settle(a, b)
    expect(heard).toBe(1)
  })

  test('publishing after it was closed harms nobody', async () => {
    const [a] = (await join(1)) as [Bus]
    await a.close()
    expect(() => a.publish('log.one', 'x')).not.toThrow()
  })
})

test('the NATS bus can be used before its server is there, and connects by itself', async () => {
  const late = await startTestNats()
  await late.stop()
  const [a, b] = [connectNatsBus(late.url, log), connectNatsBus(late.url, log)]
  const heard: string[] = []
  b.subscribe('log.one', (data) => heard.push(data))
  a.publish('log.one', 'lost')
  expect(a.connected).toBe(false)
  await late.start()
  await until(() => a.connected && b.connected, 5_000, 'connected')
  await settle(a, b)
  a.publish('log.one', 'heard')
  await settle(a, b)
  expect(heard).toEqual(['heard'])
  await a.close()
  await b.close()
  await late.stop()
})

test('a frozen NATS is given up with all that was published to it, and used again when it thaws', async () => {
  const frozen = await startTestNats()
  const [a, b] = [connectNatsBus(frozen.url, log), connectNatsBus(frozen.url, log)]
  const heard: string[] = []
  const stop = b.subscribe('log.two', () => undefined)
  b.subscribe('log.one', (data) => heard.push(data))
  try {
    await until(() => a.connected && b.connected, 5_000, 'connected')
    await settle(a, b)
    frozen.kill('SIGSTOP')
    const before = process.memoryUsage().arrayBuffers
    // More than the sockets in between take: the library waits for them before it gives up.
    const data = 'x'.repeat(100_000)
    for (let i = 0; i < 1_000; i++) {
      a.publish('log.one', data)
      if (i % 50 === 0) await sleep(5)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024)
    await until(() => !a.connected && !b.connected, 10_000, 'given up')
    stop()
    frozen.kill('SIGCONT')
    await until(() => a.connected && b.connected, 10_000, 'connected again')
    await settle(a, b)
    a.publish('log.one', 'heard')
    await settle(a, b)
    // What the server had taken before it froze may still come.
    expect(heard.filter((each) => each !== data)).toEqual(['heard'])
  } finally {
    await a.close()
    await b.close()
    await frozen.stop()
  }
})
