import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import type { SkeinEvent } from '../contract.ts'
import { createClient, type ClientOptions, type SkeinClient } from '../create-client.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'
import { lossySocket } from '../testing/lossy-socket.ts'
import type { Reset, ResetAnswer } from './follow.ts'
import type { Position } from './position.ts'

let fixture: ClientFixture
const clients: SkeinClient[] = []

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})
afterAll(async () => {
  await fixture.close()
})

function open(options: Partial<ClientOptions> = {}): SkeinClient {
  const client = createClient({ url: fixture.proxy.url, token: fixture.token, ...options })
  clients.push(client)
  return client
}

const textsOf = (events: readonly SkeinEvent[]) =>
  events.flatMap((event) => (event.type === 'message.posted' ? [event.payload.message.text] : []))

const live = (client: SkeinClient) =>
  until(() => client.connection.getSnapshot().type === 'live', 10_000, 'live')

async function hereAndNow(): Promise<Position> {
  const { cursor } = await open().api.events.cursor.query()
  return { cursor, heads: {}, away: {} }
}

test('a handler that throws is called again with the same events, and what follows waits', async () => {
  const client = open()
  const calls: string[][] = []
  const attempts: number[] = []
  client.follow({
    cursor: 'now',
    onEvents(events, { attempt }) {
      calls.push(textsOf(events))
      attempts.push(attempt)
      if (attempt < 3) throw new Error('not yet')
    },
  })
  await live(client)
  await fixture.say('first')
  await fixture.say('second')
  await until(() => calls.flat().includes('second'), 10_000, 'both')
  const once = calls.slice(3).flat()
  expect(new Set(calls.slice(0, 3).map((texts) => texts.join())).size).toBe(1)
  expect(attempts.slice(0, 3)).toEqual([1, 2, 3])
  expect([...(calls[2] ?? []), ...once].filter((text) => text === 'second')).toHaveLength(1)
})

test('a handler that always throws ends the follow by name, and its events are not passed over', async () => {
  const client = open()
  let kept: Position | undefined
  const store = {
    load: async () => kept,
    save: async (position: Position) => {
      kept = position
    },
  }
  const problem = new Error('the disk is full')
  const following = client.follow({
    cursor: store,
    attempts: 2,
    onEvents() {
      throw problem
    },
  })
  await live(client)
  await fixture.say('hard to handle')
  await expect(following.done).rejects.toMatchObject({ reason: 'HANDLER_FAILED', cause: problem })
  const seen: string[] = []
  open().follow({ cursor: store, onEvents: (events) => void seen.push(...textsOf(events)) })
  await until(() => seen.length > 0, 5_000, 'it comes again')
  expect(seen).toEqual(['hard to handle'])
})

test('effects and position are kept by one commit, which is repeated alone when it fails', async () => {
  const client = open()
  const commits: { texts: string[] | undefined; heads: number }[] = []
  let handled = 0
  let failures = 1
  client.follow({
    cursor: 'now',
    onEvents(events) {
      handled++
      return textsOf(events)
    },
    commit(position, texts) {
      commits.push({ texts, heads: Object.keys(position.heads).length })
      if (texts && failures-- > 0) throw new Error('not yet')
    },
  })
  await live(client)
  expect(commits).toEqual([{ texts: undefined, heads: 0 }])
  await fixture.say('worth keeping')
  await until(() => commits.length === 3, 5_000, 'kept')
  expect(commits.slice(1)).toEqual([
    { texts: ['worth keeping'], heads: 1 },
    { texts: ['worth keeping'], heads: 1 },
  ])
  expect(handled).toBe(1)
})

test('while a handler takes its time, what has come is bounded, and nothing of the rest is missed', async () => {
  const client = open()
  const seen: number[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  client.follow({
    cursor: 'now',
    async onEvents(events) {
      seen.push(...events.flatMap((event) => (event.type === 'message.posted' ? [event.seq] : [])))
      await held
    },
  })
  await live(client)
  const flood = 1_300
  for (let i = 0; i < flood; i += 50)
    await Promise.all(Array.from({ length: 50 }, (_, j) => fixture.say(`flood ${i + j}`)))
  // It has let go of the stream, and says so.
  await until(() => client.connection.getSnapshot().type === 'catching-up', 5_000, 'let go')
  release()
  await until(() => seen.length >= flood, 15_000, 'all')
  const [first = 0] = seen
  expect(seen).toEqual(Array.from({ length: flood }, (_, i) => first + i))
  await live(client)
}, 60_000)

test('a frame that got lost is noticed by the next number, and comes after all', async () => {
  let lose = 1
  const client = open({
    WebSocket: lossySocket((text) => text.includes('lost on its way') && lose-- > 0),
  })
  const seen: string[] = []
  const { cursor, heads, away } = await hereAndNow()
  client.follow({
    cursor: { cursor, heads, away },
    onEvents: (events) => void seen.push(...textsOf(events)),
  })
  await live(client)
  await fixture.say('one')
  await until(() => seen.includes('one'), 5_000, 'one')
  await fixture.say('lost on its way')
  await sleep(100)
  await fixture.say('three')
  await until(() => seen.includes('three'), 10_000, 'three')
  expect(seen.slice(seen.indexOf('one'))).toEqual(['one', 'lost on its way', 'three'])
  expect(lose).toBeLessThan(1)
}, 30_000)

test('a hole that the server does not fill ends the follow by name, or is skipped at one’s word', async () => {
  const { threadId } = fixture
  await fixture.say('before all this')
  const here = await hereAndNow()
  const head = await fixture.app.people.ben.api.threads.get({ threadId })
  // A position that claims less than it was given: what is between does not come from its cursor on.
  const torn = { ...here, heads: { [threadId]: head.thread.head - 3 } }
  // The server has looked at its log by then: a cursor that it gives now covers all of that.
  await sleep(2_500)
  const resets: Reset[] = []
  const follow = (answer: ResetAnswer) => {
    const seen: string[] = []
    const following = open().follow({
      cursor: torn,
      onEvents: (events) => void seen.push(...textsOf(events)),
      onReset(reset) {
        resets.push(reset)
        return answer
      },
    })
    return { seen, following }
  }
  const strict = follow('stop')
  const lenient = follow('skip')
  await sleep(300)
  await fixture.say('after the hole')
  await expect(strict.following.done).rejects.toMatchObject({ reason: 'HOLE' })
  expect(strict.seen).toEqual([])
  await until(() => lenient.seen.length > 0, 15_000, 'the rest')
  expect(lenient.seen.at(-1)).toBe('after the hole')
  expect(resets[0]).toMatchObject({ reason: 'HOLE', hole: { stream: threadId } })
}, 40_000)

test('a position of another history is refused by name; the application may begin anew', async () => {
  const text = Buffer.from('00000000-0000-4000-8000-000000000000.7').toString('base64url')
  for (const [cursor, reason] of [
    [text, 'CURSOR_EPOCH'],
    ['nonsense', 'CURSOR_UNKNOWN'],
  ] as const) {
    await expect(
      open().follow({ cursor: { cursor }, onEvents: () => undefined }).done,
    ).rejects.toMatchObject({ reason })
    const client = open()
    const resets: string[] = []
    const seen: string[] = []
    let fresh: Position | null = null
    client.follow({
      cursor: { cursor, heads: { [fixture.threadId]: 9_999 } },
      onEvents: (events) => void seen.push(...textsOf(events)),
      async onReset({ reason: why }) {
        resets.push(why)
        fresh = await hereAndNow()
        return fresh
      },
    })
    await live(client)
    await fixture.say(`anew after ${reason}`)
    await until(() => seen.includes(`anew after ${reason}`), 5_000, 'what is said after')
    expect(resets).toEqual([reason])
  }
})

test('what is given as a position and is none ends the follow by name, and does not begin at this moment', async () => {
  for (const cursor of [{}, undefined, { cursor: undefined }]) {
    const following = open().follow({ cursor: cursor as never, onEvents: () => undefined })
    await expect(
      Promise.race([following.done, sleep(1_000, 'still following')]),
    ).rejects.toMatchObject({ reason: 'CURSOR_UNKNOWN' })
  }
})

test('stopping waits for the handler at work, and nothing comes after it', async () => {
  const client = open()
  const seen: string[] = []
  let isDone = false
  const following = client.follow({
    cursor: 'now',
    async onEvents(events) {
      seen.push(...textsOf(events))
      await sleep(200)
      isDone = true
    },
  })
  await live(client)
  await fixture.say('the last one')
  await until(() => seen.length === 1, 3_000, 'the handler')
  await following.stop()
  expect(isDone).toBe(true)
  expect(Object.values(following.position?.heads ?? {})).toHaveLength(1)
  await fixture.say('too late')
  await sleep(200)
  expect(seen).toEqual(['the last one'])
  await expect(following.done).resolves.toBeUndefined()
  const aborted = new AbortController()
  const other = client.follow({ cursor: 'now', onEvents: () => undefined, signal: aborted.signal })
  aborted.abort()
  await expect(other.done).resolves.toBeUndefined()
})

test('after close nothing can be followed with the client', async () => {
  const client = open()
  await client.close()
  const { done } = client.follow({ cursor: 'now', onEvents: () => undefined })
  await expect(done).rejects.toMatchObject({ reason: 'CLOSED' })
})

test('a follow that ends by a failure ends the process of who does not look at it', async () => {
  const index = new URL('../index.ts', import.meta.url).href
  const url = fixture.servers[0].url
  const code = `
    import { createClient } from '${index}'
    createClient({ url: '${url}', token: 'nonsense' }).follow({ cursor: 'now', onEvents() {} })
    setTimeout(() => undefined, 30_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [status] = (await once(child, 'close')) as [number]
  expect(status).toBe(1)
  expect(said).toContain('TOKEN_REFUSED')
})
