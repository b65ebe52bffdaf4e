import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { createMemoryBus, type MemoryNetwork } from '../bus/memory-bus.ts'
import { connectNatsBus } from '../bus/nats-bus.ts'
import type { Fate } from '../testing/faulty-bus.ts'
import {
  createPerson,
  createThread,
  raw,
  seqsOf,
  until,
  upTo,
  write,
  type LogInstance,
} from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { startTestNats } from '../testing/test-nats.ts'

const { database, start, startPair } = logInstances()

/** Writes `n` events on one instance and waits until a reader on the other has them all; gives what it saw. */
async function carryAcross(
  [here, there]: [LogInstance, LogInstance],
  n: number,
  within: number,
): Promise<number[]> {
  const reader = await createPerson(here, `reader-${crypto.randomUUID().slice(0, 8)}`)
  const thread = await createThread(here, [reader])
  const following = there.follow(reader)
  await following.ready
  for (let i = 0; i < n; i++) await write(here, [thread])
  await until(() => raw(following, thread).length >= n, within, 'every event arrives')
  await sleep(100)
  following.close()
  return raw(following, thread)
}

// The thread begins with the event that lets its reader in.
const after = 1

test('what one instance commits, a reader on another sees once and in order', async () => {
  const pair = await startPair(() => [0], 60_000)
  expect(await carryAcross(pair, 100, 2_000)).toEqual(upTo(100 + after, 1 + after))
})

test('signals that are lost cost a delay, never a fact: the sweep finds them', async () => {
  const pair = await startPair(() => [], 200)
  expect(await carryAcross(pair, 50, 2_000)).toEqual(upTo(50 + after, 1 + after))
})

test('who comes while the hub learns that history was rewritten is told, too', async () => {
  const [here, there] = [await start(), await start()]
  const [early, late] = [await createPerson(here, 'early'), await createPerson(here, 'late')]
  const [first, before] = [here.follow(early), there.follow(late)]
  await Promise.all([first.ready, before.ready])

  const { renewed, following } = await there.db.transaction().execute(async (trx) => {
    await sql`lock table streams in access exclusive mode`.execute(trx)
    const renewed = here.hub.renew(() => undefined)
    await sleep(100)
    const following = here.follow(late, before.cursor())
    await sleep(100)
    return { renewed, following }
  })
  await Promise.all([renewed, following.ready])
  const rewritten = [expect.objectContaining({ reason: 'CURSOR_EPOCH' })]
  expect([first.failures, following.failures]).toEqual([rewritten, rewritten])
})

test('a hole is read from the log before anything later goes out, without waiting for the sweep', async () => {
  // The last signal comes through: nothing else would tell that there is more.
  const fate: Fate = (data) => ((JSON.parse(data) as { seq: number }).seq % 3 === 0 ? [] : [0])
  const pair = await startPair(fate, 60_000)
  expect(await carryAcross(pair, 49, 2_000)).toEqual(upTo(49 + after, 1 + after))
})

test('signals that are doubled and arrive in any order are put in order, once each', async () => {
  const pair = await startPair(() => [Math.random() * 40, Math.random() * 40], 60_000)
  expect(await carryAcross(pair, 100, 3_000)).toEqual(upTo(100 + after, 1 + after))
})

test('a signal that is no event, or one that was never written, disturbs nothing', async () => {
  const network: MemoryNetwork = new Set()
  const stranger = createMemoryBus(network)
  const here = await start({ bus: createMemoryBus(network), sweepEvery: 60_000 })
  const reader = await createPerson(here, 'unshaken')
  const thread = await createThread(here, [reader])
  const following = here.follow(reader)
  await following.ready
  for (const nonsense of [
    '',
    'x',
    '{}',
    'null',
    '[1]',
    JSON.stringify({ stream: thread, seq: 'one', type: 'x' }),
  ])
    stranger.publish(`log.${thread}`, nonsense)
  stranger.publish(
    `log.${thread}`,
    JSON.stringify({ stream: thread, seq: 900, type: 'message.posted', payload: {} }),
  )
  await sleep(50)
  for (let i = 0; i < 5; i++) await write(here, [thread])
  await until(() => raw(following, thread).length >= 5, 1_000, 'the real events arrive')
  await sleep(50)
  expect(raw(following, thread)).toEqual(upTo(5 + after, 1 + after))
})

test('an instance that is killed between commit and publish loses nothing: others deliver at their next look', async () => {
  const here = await start({ sweepEvery: 500 })
  const reader = await createPerson(here, 'patient')
  const thread = await createThread(here, [reader])
  const following = here.follow(reader)
  await following.ready

  const script = fileURLToPath(new URL('../testing/crash-after-commit.ts', import.meta.url))
  const child = spawn(process.execPath, [script, database().url, thread], { stdio: 'inherit' })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')

  await until(
    () => raw(following, thread).length > 0,
    2_000,
    'the event of the dead instance arrives',
  )
  expect(raw(following, thread)).toEqual([2])
})

test('with NATS gone for half a minute under load sends succeed, delivery stays under two seconds, and nobody restarts', async () => {
  const nats = await startTestNats()
  const log = pino({ level: 'silent' })
  const here = await start({ bus: connectNatsBus(nats.url, log) })
  const there = await start({ bus: connectNatsBus(nats.url, log) })
  const reader = await createPerson(here, 'steady')
  const thread = await createThread(here, [reader])
  const following = there.follow(reader)
  await following.ready

  const sentAt = new Map<number, number>()
  const sendFor = async (ms: number) => {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
      const started = Date.now()
      const [seq] = await write(here, [thread])
      if (seq !== undefined) sentAt.set(seq, started)
    }
  }

  await sendFor(2_000)
  const gone = Date.now()
  await nats.stop()
  await sendFor(30_000)
  const back = Date.now()
  await nats.start()
  await sendFor(4_000)
  await until(() => seqsOf(following.events, thread).length >= sentAt.size, 5_000, 'all caught up')
  await nats.stop()

  const numbers = raw(following, thread)
  expect(numbers).toEqual(upTo(sentAt.size + after, 1 + after))
  expect(sentAt.size).toBeGreaterThan(500)
  /** The ways of messages that were sent in this span of time, the shortest first. */
  const ways = (from: number, to: number) =>
    following.events
      .flatMap((event, i) => {
        const at = event.stream === thread ? sentAt.get(event.seq) : undefined
        if (at === undefined || at < from || at >= to) return []
        return [(following.arrivals[i] ?? Infinity) - at]
      })
      .sort((a, b) => a - b)
  const worst = (from: number, to: number) => ways(from, to).at(-1) ?? Infinity
  expect(worst(gone, back)).toBeLessThanOrEqual(2_000)
  // Looks are closer together then than the usual second.
  const meanwhile = ways(gone + 2_000, back)
  expect(meanwhile[Math.floor(meanwhile.length / 2)]).toBeLessThan(350)
  // Three seconds after its return the doorbell rings again: no sweep is that fast.
  expect(worst(back + 3_000, Infinity)).toBeLessThan(600)
}, 60_000)

test('a reader that takes nothing is served from the log when it does again, and others do not notice', async () => {
  const here = await start()
  const reader = await createPerson(here, 'slow')
  const thread = await createThread(here, [reader])
  const slow = here.follow(reader)
  const fast = here.follow(reader)
  await Promise.all([slow.ready, fast.ready])
  slow.backlog = 2 * 1024 * 1024
  for (let i = 0; i < 700; i++) await write(here, [thread])
  await until(() => raw(fast, thread).length >= 700, 1_000, 'the fast reader has all')
  expect(raw(slow, thread).length).toBeLessThan(700)
  slow.backlog = 0
  await until(() => raw(slow, thread).length >= 700, 3_000, 'the slow reader has all')
  expect(raw(slow, thread)).toEqual(upTo(700 + after, 1 + after))
  expect(raw(fast, thread)).toEqual(upTo(700 + after, 1 + after))
})

test('two hundred connections of twenty people each see the thread whole and in order', async () => {
  const here = await start()
  const people = await Promise.all(upTo(20).map((n) => createPerson(here, `one-of-many-${n}`)))
  const thread = await createThread(here, people)
  const readers = people.flatMap((person) => upTo(10).map(() => here.follow(person)))
  await Promise.all(readers.map(({ ready }) => ready))
  for (let i = 0; i < 20; i++) await write(here, [thread])
  await until(
    () => readers.every((r) => raw(r, thread).length >= 20),
    3_000,
    'all readers have all',
  )
  for (const reader of readers) expect(raw(reader, thread)).toEqual(upTo(20 + 20, 1 + 20))
})

test('garbage on the bus harms nobody, and what follows it arrives', async () => {
  const network: MemoryNetwork = new Set()
  const instance = await start({ bus: createMemoryBus(network) })
  const stranger = createMemoryBus(network)
  const reader = await createPerson(instance, `g${Date.now()}`)
  const thread = await createThread(instance, [reader])
  const following = instance.follow(reader)
  await following.ready
  const next = (stream: string, type: string, extra: object = {}) =>
    JSON.stringify({
      stream,
      seq: stream === reader ? 2 : 400,
      type,
      version: 1,
      at: '',
      actorId: null,
      ...extra,
    })
  for (const [stream, data] of [
    [thread, '{"stream":'],
    [thread, 'null'],
    [thread, '[[]]'],
    [thread, 'x'.repeat(2_000_000)],
    [thread, next(thread, 'participant.left')],
    [thread, next(thread, 'goose.flown', { payload: 7 })],
    [reader, next(reader, 'participation.started', { payload: {} })],
    [reader, next(reader, 'session.ended', { payload: null, seq: 3 })],
  ] as const)
    stranger.publish(`log.${stream}`, data)
  await sleep(100)
  const seqs = [...(await write(instance, [thread])), ...(await write(instance, [thread]))]
  await until(
    () => seqs.every((seq) => seqsOf(following.events, thread).includes(seq)),
    5_000,
    'the rest',
  )
  expect(following.failures).toEqual([])
  following.close()
})
