/** The fold against a network that loses, doubles and reorders what it carries, and breaks the connection. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogEvent } from '../server/events.ts'
import type { Message } from '../server/features/messages/messages.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import { emptyLive, fold, holesOf, threadsBehind, withPage, withThread, type Live } from './fold.ts'
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

/** What the network does with the next items of a connection. */
const weather = fc.record({
  /** Events per item. */
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
  fate: fc.constantFrom('fine', 'double', 'reorder', 'cut', 'lose'),
  /** Events that the server repeats after a reconnect. */
  repeats: fc.nat(6),
})
type Weather = typeof weather extends fc.Arbitrary<infer Value> ? Value : never

const deeds = fc.array(deed, { minLength: 1, maxLength: 60 })
const connections = fc.array(weather, { maxLength: 8 })

/** A client that has loaded the world as it was at `begin`, goes through the weather, and resumes once more. */
function live(world: World, begin: number, storms: readonly Weather[]) {
  const start = begin % (world.log.length + 1)
  const applied: LogEvent[] = []
  let client: Live = emptyLive(viewer, String(start))
  for (const stream of streams) client = reload(client, world, stream, start)
  const take = (from: number, to: number) => {
    client = fold(client, { cursor: String(to), events: world.log.slice(from, to) })
    applied.push(...client.applied)
  }
  for (const { sizes, fate, repeats } of storms) {
    // Each connection resumes from what the client holds.
    let place = Math.max(0, Number(client.cursor) - repeats)
    let items = sizes.flatMap((size) => {
      const item = [place, Math.min(world.log.length, place + size)] as const
      place = item[1]
      return item[0] < item[1] ? [item] : []
    })
    if (fate === 'double') items = items.flatMap((item) => [item, item])
    if (fate === 'reorder') items = items.reverse()
    // The latest came first, and the connection broke before the others.
    if (fate === 'cut') items = items.reverse().slice(0, Math.ceil(items.length / 2))
    if (fate === 'lose') items = items.filter((_, i) => i % 2 === 1)
    for (const [from, to] of items) take(from, to)
  }
  take(Number(client.cursor), world.log.length)
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

test('in one thread resuming alone mends every weather: the cursor stood still while something was missing', () => {
  const inOne = deeds.map((all) => all.map((each) => ({ ...each, stream: 'one' as const })))
  fc.assert(
    fc.property(inOne, fc.nat(), connections, (done, begin, storms) => {
      const world = createWorld(done)
      const { client, applied } = live(world, begin, storms)
      expect(holesOf(client)).toEqual([])
      expectOnceAndInOrder(applied, 'one')
      expectShown(client, world, 'one')
    }),
    { numRuns: 1_500 },
  )
})

test('over several threads what was lost shows as a hole, and reading the page mends it', () => {
  fc.assert(
    fc.property(deeds, fc.nat(), connections, (done, begin, storms) => {
      const world = createWorld(done)
      const { client, applied } = live(world, begin, storms)
      const torn = new Set([
        ...holesOf(client).map((hole) => hole.stream),
        ...threadsBehind(client),
      ])
      const mended = [...torn].reduce((each, stream) => reload(each, world, stream), client)
      for (const stream of streams) {
        expectOnceAndInOrder(applied, stream)
        if ((mended.heads[stream] ?? 0) < world.read(stream).page.head) {
          // Lost at the very end, with nothing after it to tell: the next event of the stream does.
          const next = createWorld([...done, { stream, kind: 'post', pick: 0 }])
          const told = fold(mended, { cursor: 'x', events: next.log.slice(-1) })
          expect(holesOf(told).map((hole) => hole.stream)).toContain(stream)
        } else expectShown(mended, world, stream)
      }
    }),
    { numRuns: 1_500 },
  )
})
