import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClientFixture, type ClientFixture } from '../../client/testing/client-fixture.ts'
import { until } from '../testing/log-fixture.ts'
import { EventStreamGuard } from './event-stream-guard.ts'
import { httpLimits } from './limits.ts'

let fixture: ClientFixture

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterAll(async () => {
  await fixture.close()
})

test('curl -N with a bearer token reads the facts as they happen, and goes on from a cursor', async () => {
  const read = (query: string) => {
    const curl = spawn('curl', [
      '-siN',
      '-H',
      `Authorization: Bearer ${fixture.token}`,
      `${fixture.servers[0].url}/trpc/events.stream${query}`,
    ])
    let said = ''
    curl.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    return { said: () => said, stop: () => curl.kill() }
  }
  const first = read('')
  await until(() => first.said().includes('"events":[]'), 5_000, 'the first item')
  expect(first.said()).toMatch(/^cache-control: no-store, no-transform\r$/m)
  expect(first.said()).toMatch(/^x-accel-buffering: no\r$/m)
  expect(first.said()).not.toMatch(/^content-encoding/m)
  await fixture.say('to curl')
  await until(() => first.said().includes('to curl'), 3_000, 'the message')
  first.stop()
  await fixture.say('while curl was away')
  const cursor = /^id: (.+)$/m.exec(first.said())?.[1]
  const second = read(`?input=${encodeURIComponent(JSON.stringify({ cursor }))}`)
  await until(() => second.said().includes('while curl was away'), 3_000, 'what was missed')
  second.stop()
})

test('a stream whose token comes to the end of its time is closed, though nobody announces it; others stay', async () => {
  const { services, people } = fixture.app
  const guard = new EventStreamGuard(services.db, services.log, 100)
  const stream = async () => {
    const { tokenId } = await fixture.createToken(people.ben)
    const { id, role } = people.ben.user
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: () => sleep(60_000, undefined, { ref: false }),
      cancel: () => {
        isCancelled = true
      },
    })
    const response = guard.guard(
      new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
      { id, role, kind: 'person', via: { type: 'token', tokenId } },
    )
    if (!response) throw new Error('refused')
    let hasEnded = false
    const ended = response.text().then(() => {
      hasEnded = true
    })
    return { tokenId, ended, hasEnded: () => hasEnded, isCancelled: () => isCancelled }
  }
  const one = await stream()
  const other = await stream()
  await sleep(300)
  expect(one.hasEnded()).toBe(false)
  await services.db
    .updateTable('tokens')
    .set({ expiresAt: new Date(Date.now() - 1_000) })
    .where('id', '=', one.tokenId)
    .execute()
  await one.ended
  expect(one.isCancelled()).toBe(true)
  expect(other.hasEnded()).toBe(false)
  await people.ben.api.auth.tokens.revoke({ tokenId: other.tokenId })
  await other.ended
})

test('a person has so many event streams and no more, and room for another when one has ended', async () => {
  const url = `${fixture.servers[0].url}/trpc/events.stream`
  const { cookieHeader } = fixture.app.people.cleo
  const open = async () => {
    const ending = new AbortController()
    const headers = { cookie: cookieHeader, accept: 'text/event-stream' }
    const { status, body } = await fetch(url, { headers, signal: ending.signal })
    return { status, body, end: () => ending.abort() }
  }
  const streams = []
  for (let i = 0; i < httpLimits.eventStreamsPerPerson; i++) streams.push(await open())
  expect(streams.every(({ status }) => status === 200)).toBe(true)
  const refused = await open()
  expect(refused.status).toBe(429)
  expect(await new Response(refused.body).json()).toMatchObject({
    error: { data: { reason: 'TOO_MANY_SUBSCRIPTIONS' } },
  })
  streams.pop()?.end()
  let again = 429
  for (const end = Date.now() + 5_000; again !== 200 && Date.now() < end; await sleep(50)) {
    const tried = await open()
    again = tried.status
    streams.push(tried)
  }
  for (const { end } of streams) end()
  expect(again).toBe(200)
})
