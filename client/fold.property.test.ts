/** Following and folding together, while connections break and pages are read a little before or after. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogEvent } from '../server/events.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import { advance, type Position } from './follow/position.ts'
import { emptyLive, fold, threadsBehind, withPage, withThread, type Live } from './fold.ts'
import type { Timeline } from './timeline.ts'

const viewer = { id: 'ada', handle: 'ada' }
const streams = ['one', 'two'] as const
type Stream = (typeof streams)[number]
const at = '2026-11-21T10:00:00.000Z'

/** What people do, in the order in which it is committed. */
type Deed = { stream: Stream; kind: 'post' | 'edit' | 'delete'; pick: number }
const deed = fc.record({
  stream: fc.constantFrom(...streams),
  kind: fc.constantFrom('post' as const, 'post' as const, 'edit' as const, 'delete' as const),
  pick: fc.nat(),
})

interface World {
  /** In commit order. A cursor is a place in it. */
  log: LogEvent[]
  /** What a thread looks like when everything up to here has happened. */
  read: (stream: Stream, upTo?: number) => { thread: MyThread; page: Timeline }
}

function createWorld(deeds: readonly Deed[]): World {
  const log: LogEvent[] = []
  const state = (stream: Stream, upTo: number) => {
    const messages = new Map<string, Message>()
    let head = 0
    for (const event of log.slice(0, upTo)) {
      if (event.stream !== stream) continue
      head = event.seq
      if ('message' in event.payload) messages.set(event.payload.message.id, event.payload.message)
    }
    return { head, messages: [...messages.values()].sort((a, b) => a.seq - b.seq) }
  }
  for (const { stream, kind, pick } of deeds) {
    const { head, messages } = state(stream, log.length)
    const place = { stream, seq: head + 1, version: 1, at, actorId: 'ben' }
    const alive = messages.filter((message) => message.deletedAt === null)
    const chosen = alive[pick % Math.max(1, alive.length)]
    if (kind === 'post' || !chosen) {
      const author = { id: 'ben', kind: 'person' as const, name: 'Ben', handle: 'ben' }
      const id = `${stream}-${place.seq}`
      const message = {
        id,
        threadId: stream,
        seq: place.seq,
        author,
        text: id,
        at,
        editedAt: null,
        deletedAt: null,
        clientId: id,
      }
      log.push({ ...place, type: 'message.posted', payload: { message } })
    } else if (kind === 'edit') {
      const editedAt = `2026-11-21T11:00:00.${String(place.seq).padStart(3, '0')}Z`
      const message = { ...chosen, text: `${chosen.text}!`, editedAt }
      log.push({ ...place, type: 'message.edited', payload: { message } })
    } else {
      log.push({
        ...place,
        type: 'message.deleted',
        payload: { message: { ...chosen, text: '', deletedAt: at } },
      })
    }
  }
  return {
    log,
    read(stream, upTo = log.length) {
      const { head, messages } = state(stream, upTo)
      const page = { messages, head, hasOlder: false, hasNewer: false }
      const thread: MyThread = {
        id: stream,
        kind: 'private',
        title: stream,
        topic: '',
        parentMessageId: null,
        createdBy: 'ben',
        createdAt: at,
        archivedAt: null,
        head,
        readSeq: 0,
        unread: 0,
        mentions: 0,
        lastMessage: messages.at(-1) ?? null,
        role: 'member',
        people: [],
      }
      return { thread, page }
    },
  }
}

/** What happens between one loss of the connection and the next. */
const spell = fc.record({
  /** Events per item. */
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 }),
  doubled: fc.boolean(),
  /** Events that the server repeats after a reconnect. */
  repeats: fc.nat(6),
})
type Spell = typeof spell extends fc.Arbitrary<infer Value> ? Value : never
/** A page as it was at some moment, earlier or later than what was followed by then. */
const reading = fc.record({ stream: fc.constantFrom(...streams), upTo: fc.nat() })
type Reading = typeof reading extends fc.Arbitrary<infer Value> ? Value : never

const deeds = fc.array(deed, { minLength: 1, maxLength: 60 })

/** A client that has loaded the world as it was at `begin`, and follows it to the end. */
function live(world: World, begin: number, spells: readonly (Spell & { read: Reading[] })[]) {
  const start = begin % (world.log.length + 1)
  const applied: LogEvent[] = []
  let client: Live = emptyLive(viewer)
  for (const stream of streams) client = reload(client, world, stream, start)
  let position: Position = { cursor: String(start), heads: {}, away: {} }
  const take = (from: number, to: number) => {
    const item = { cursor: String(to), events: world.log.slice(from, to) }
    const taken = advance(position, item, 3)
    if ('hole' in taken) throw new Error('This server leaves nothing out.')
    for (const batch of taken.batches) {
      client = fold(client, batch.events)
      applied.push(...client.applied)
      position = batch.position
    }
  }
  for (const { sizes, doubled, repeats, read } of spells) {
    let place = Math.max(0, Number(position.cursor) - repeats)
    for (const size of sizes) {
      const next = Math.min(world.log.length, place + size)
      take(place, next)
      if (doubled) take(place, next)
      place = next
    }
    for (const { stream, upTo } of read)
      client = reload(client, world, stream, upTo % (world.log.length + 1))
  }
  take(Number(position.cursor), world.log.length)
  return { client, applied }
}

/** What a client does that reads the page of a thread. */
function reload(client: Live, world: World, stream: string, upTo?: number): Live {
  const { thread, page } = world.read(stream as Stream, upTo)
  return withPage(withThread(client, thread), stream, page, 'only')
}

function expectOnceAndInOrder(applied: readonly LogEvent[], stream: Stream): void {
  const seqs = applied.filter((event) => event.stream === stream).map((event) => event.seq)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
}

function expectShown(client: Live, world: World, stream: Stream): void {
  const { page, thread } = world.read(stream)
  expect(client.timelines[stream]?.messages).toEqual(page.messages)
  expect(client.threads[stream]?.head).toBe(thread.head)
  expect(client.heads[stream]).toBe(page.head)
}

test('whatever is cut, doubled and repeated, every thread is shown as it is', () => {
  const spells = fc.array(
    spell.map((each) => ({ ...each, read: [] })),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(deeds, fc.nat(), spells, (done, begin, weather) => {
      const world = createWorld(done)
      const { client, applied } = live(world, begin, weather)
      expect(threadsBehind(client)).toEqual([])
      for (const stream of streams) {
        expectOnceAndInOrder(applied, stream)
        expectShown(client, world, stream)
      }
    }),
    { numRuns: 1_500 },
  )
})

test('a page that was read before or after what is followed is right, or known to be behind', () => {
  const spells = fc.array(
    fc.tuple(spell, fc.array(reading, { maxLength: 3 })).map(([each, read]) => ({ ...each, read })),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(deeds, fc.nat(), spells, (done, begin, weather) => {
      const world = createWorld(done)
      const { client, applied } = live(world, begin, weather)
      const mended = threadsBehind(client).reduce(
        (each, stream) => reload(each, world, stream),
        client,
      )
      for (const stream of streams) {
        expectOnceAndInOrder(applied, stream)
        expectShown(mended, world, stream)
      }
    }),
    { numRuns: 1_500 },
  )
})
