/** One suite for both buses: whatever is true of one must be true of the other. */
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../testing/log-fixture.ts'
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
  const settle = () => sleep(60)

  test('carries a signal to every other instance and never back to the one it came from', async () => {
    const [a, b, c] = (await join(3)) as [Bus, Bus, Bus]
    const heard: string[] = []
    for (const [name, bus] of Object.entries({ a, b, c }))
      bus.subscribe('log.one', (data) => heard.push(`${name} ${data}`))
    await settle()
    a.publish('log.one', 'hello – 你好')
    await settle()
    expect(heard.sort()).toEqual(['b hello – 你好', 'c hello – 你好'])
  })

  test('keeps the order of one sender', async () => {
    const [a, b] = (await join(2)) as [Bus, Bus]
    const heard: number[] = []
    b.subscribe('log.one', (data) => heard.push(Number(data)))
    await settle()
    for (let i = 0; i < 200; i++) a.publish('log.one', String(i))
    await until(() => heard.length === 200, 2_000, 'all signals')
    expect(heard).toEqual([...heard].sort((x, y) => x - y))
  })

  test('tells subjects apart, with * for one part and > for the rest', async () => {
    const [a, b] = (await join(2)) as [Bus, Bus]
    const heard: string[] = []
    for (const pattern of ['log.one', 'log.*', 'log.>', '*.one', '>'])
      b.subscribe(pattern, (_data, subject) => heard.push(`${pattern} ${subject}`))
    await settle()
    a.publish('log.two', '')
    a.publish('log.one.more', '')
    await settle()
    expect(heard.sort()).toEqual([
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
    await settle()
    a.publish('log.one', '')
    await until(() => heard === 1, 1_000, 'the first signal')
    stop()
    await settle()
    a.publish('log.one', '')
    await settle()
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
  await sleep(60)
  a.publish('log.one', 'heard')
  await until(() => heard.length > 0, 1_000, 'the signal')
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
    await sleep(60)
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
    await sleep(100)
    heard.length = 0
    a.publish('log.one', 'heard')
    await until(() => heard.length > 0, 2_000, 'the signal')
    expect(heard).toEqual(['heard'])
  } finally {
    await a.close()
    await b.close()
    await frozen.stop()
  }
})
