import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type WebSocket } from 'ws'
import { until } from '../../testing/log-fixture.ts'
import {
  closed,
  collect,
  openSocketFixture,
  textsOf,
  type SocketFixture,
} from '../../testing/socket-fixture.ts'
import { closeCodes } from './limits.ts'

let fixture: SocketFixture
beforeAll(async () => {
  fixture = await openSocketFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

test('a stock tRPC client calls, subscribes and is told what others write on another instance', async () => {
  const { ada, ben } = fixture.app.people
  const client = fixture.stockClient(fixture.servers[1], ben)
  expect((await client.auth.me.query()).user.handle).toBe('ben')
  const heard = fixture.follow(client)
  await until(() => heard.items.length > 0, 2_000, 'the first item with a cursor')
  expect(heard.items[0]?.data.events).toEqual([])
  expect(heard.items[0]?.id).toBe(heard.items[0]?.data.cursor)
  await fixture.send(ada, 'hello over there')
  await until(() => textsOf(heard).length > 0, 2_000, 'the message')
  expect(textsOf(heard)).toEqual(['hello over there'])
})

test('a stock client whose connection breaks resumes by its last event id and misses nothing', async () => {
  const { ada, ben } = fixture.app.people
  const connections: WebSocket[] = []
  const heard = fixture.follow(fixture.stockClient(fixture.servers[0], ben, { connections }))
  await until(() => heard.items.length > 0, 2_000, 'the first item')
  // The horizon may lie before this test, and a resume repeats from there on.
  const mine = () => new Set(textsOf(heard).filter((text) => text.startsWith('round')))
  const sent: string[] = []
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) {
      const text = `round ${round} message ${i}`
      sent.push(text)
      await fixture.send(ada, text)
      if (i === 2) connections.at(-1)?.terminate()
    }
    await until(() => mine().size >= sent.length, 5_000, 'all messages')
  }
  expect([...mine()]).toEqual(sent)
  expect(connections).toHaveLength(4)
})

test('a cursor resumes on another instance', async () => {
  const { ada, ben } = fixture.app.people
  const first = fixture.follow(fixture.stockClient(fixture.servers[0], ben))
  await until(() => first.items.length > 0, 2_000, 'the first item')
  const cursor = first.items.at(-1)?.id
  await fixture.send(ada, 'while away')
  const second = fixture.follow(fixture.stockClient(fixture.servers[1], ben), cursor)
  await until(() => textsOf(second).includes('while away'), 2_000, 'the message')
  // A little from before the cursor may be repeated, nothing after it is missing.
  expect(textsOf(second).filter((text) => text === 'while away')).toHaveLength(1)
  expect(textsOf(second).at(-1)).toBe('while away')
})

test('a bearer token in the connection parameters counts, and a bad one closes the socket', async () => {
  const { ben } = fixture.app.people
  const { secret } = await ben.api.auth.tokens.create({ name: 'bot' })
  expect(
    (await fixture.stockClient(fixture.servers[0], ben, { token: secret }).auth.me.query()).user
      .handle,
  ).toBe('ben')

  const ws = fixture.openRaw(fixture.servers[0], null, '?connectionParams=1')
  const frames = collect(ws)
  await once(ws, 'open')
  ws.send(JSON.stringify({ method: 'connectionParams', data: { token: 'skein_nonsense' } }))
  expect(await closed(ws)).toBe(closeCodes.notSignedIn)
  expect(frames[0]?.error?.data.reason).toBe('TOKEN_REFUSED')
})

test('the same stream of facts is read over SSE', async () => {
  const { ada, ben } = fixture.app.people
  const { token, secret } = await ben.api.auth.tokens.create({ name: 'sse' })
  const response = await fetch(`${fixture.servers[0].url}/trpc/events.stream`, {
    headers: { authorization: `Bearer ${secret}`, accept: 'text/event-stream' },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const reading = (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
      text += part.value
  })()
  await until(() => text.includes('"cursor"'), 2_000, 'the first item')
  await fixture.send(ada, 'over plain HTTP')
  await until(() => text.includes('over plain HTTP'), 2_000, 'the message')
  // It ends with the token it lives by.
  await ben.api.auth.tokens.revoke({ tokenId: token.id })
  await until(() => text.includes('SESSION_ENDED'), 3_000, 'the end')
  await reader?.cancel()
  await reading
})
