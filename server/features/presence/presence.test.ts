/** Over a real nats-server. All times are a twentieth of what they are in a deployment: 53 s are 2.7 s here. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addPerson } from '../../testing/factories.ts'
import { makeFaulty } from '../../testing/faulty-bus.ts'
import { until } from '../../testing/log-fixture.ts'
import { openPresenceFixture, type PresenceFixture } from '../../testing/presence-fixture.ts'

let fixture: PresenceFixture
beforeAll(async () => {
  fixture = await openPresenceFixture()
})
afterEach(() => fixture.cleanUp())
afterAll(() => fixture.close())

const device = (person: { user: { id: string } }, key: string) => ({
  ...{ userId: person.user.id, key },
  isProbed: true,
})
const scaled = (ms: number) => ms / 20
/** A loaded machine may take this much longer. */
const slack = 1_500

test('a person is online when any device is active, wherever each of them is connected', async () => {
  const { ada, ben, cleo } = fixture.app.people
  const [a, b] = [await fixture.start(), await fixture.start()]
  const readers = [fixture.follow(a, ben), fixture.follow(b, cleo)]
  const laptop = fixture.follow(a, ada, 'laptop')
  const phone = fixture.follow(b, ada, 'phone')
  a.presence.note(device(ada, 'laptop'), false)
  await until(() => readers.every((r) => r.state(ada) === 'away'), slack, 'away')
  b.presence.note(device(ada, 'phone'), true)
  await until(() => readers.every((r) => r.state(ada) === 'online'), slack, 'online')
  // The idle laptop says so again and again, and hides nothing.
  for (let i = 0; i < 10; i++) {
    a.presence.note(device(ada, 'laptop'), false)
    b.presence.note(device(ada, 'phone'), true)
    await sleep(scaled(1_000))
  }
  expect(readers.map((r) => r.told(ada))).toEqual([
    ['away', 'online'],
    ['away', 'online'],
  ])
  phone.stop()
  await until(() => readers.every((r) => r.state(ada) === 'away'), slack, 'away again')
  laptop.stop()
  await until(() => readers.every((r) => r.state(ada) === 'offline'), slack, 'offline')
})

test('the people of an instance that crashed are offline within a minute, all others stay', async () => {
  const { ada, ben, cleo } = fixture.app.people
  const [a, b] = [await fixture.start(), await fixture.start()]
  const reader = fixture.follow(b, cleo)
  fixture.follow(a, ada, 'laptop')
  fixture.follow(b, ben, 'laptop')
  a.presence.note(device(ada, 'laptop'), true)
  b.presence.note(device(ben, 'laptop'), true)
  await until(() => reader.state(ada) === 'online' && reader.state(ben) === 'online', slack, 'both')
  await a.crash()
  await sleep(scaled(20_000))
  expect(reader.state(ada)).toBe('online')
  const beat = setInterval(() => b.presence.note(device(ben, 'laptop'), true), 200)
  await until(() => reader.state(ada) === 'offline', scaled(52_000 - 20_000) + slack, 'offline')
  clearInterval(beat)
  expect(reader.told(ben)).toEqual(['online'])
})

test('who moves from an instance that stops to another one is never shown as gone', async () => {
  const { ada, cleo } = fixture.app.people
  const [a, b] = [await fixture.start(), await fixture.start()]
  const reader = fixture.follow(b, cleo)
  fixture.follow(a, ada, 'laptop')
  a.presence.note(device(ada, 'laptop'), true)
  await until(() => reader.state(ada) === 'online', slack, 'online')
  a.presence.close()
  await sleep(scaled(2_000))
  fixture.follow(b, ada, 'laptop, again')
  b.presence.note(device(ada, 'laptop, again'), true)
  await sleep(scaled(20_000))
  expect(reader.told(ada)).toEqual(['online'])
})

test('the people of an instance that stops are offline soon, when they do not come back', async () => {
  const { ada, cleo } = fixture.app.people
  const [a, b] = [await fixture.start(), await fixture.start()]
  const reader = fixture.follow(b, cleo)
  fixture.follow(a, ada, 'laptop')
  a.presence.note(device(ada, 'laptop'), true)
  await until(() => reader.state(ada) === 'online', slack, 'online')
  a.presence.close()
  // Long before silence would say the same.
  await until(() => reader.state(ada) === 'offline', scaled(30_000), 'offline')
})

test('an instance that starts knows at once who is connected to the others', async () => {
  const { ada, ben, cleo } = fixture.app.people
  // Signs of life come too late to tell it, and nothing that was said is forgotten meanwhile.
  const calm = { aliveMs: 60_000, silentMs: 60_000, saidMs: 60_000 }
  const a = await fixture.start(undefined, calm)
  fixture.follow(a, ada, 'laptop')
  a.presence.note(device(ada, 'laptop'), true)
  a.presence.note(device(ben, 'phone'), false)
  await sleep(scaled(3_000))
  const b = await fixture.start(undefined, calm)
  const firstHint = async () => {
    const reader = fixture.follow(b, cleo)
    await until(() => reader.hints.length > 0, slack, 'the first item')
    reader.stop()
    return reader.hints[0]
  }
  await expect.poll(firstHint, { timeout: scaled(4_000) + slack }).toEqual({
    type: 'presence',
    complete: true,
    online: [ada.user.id],
    away: [ben.user.id],
    offline: [],
  })
})

test('with NATS gone each instance shows its own people, and everyone again when it is back', async () => {
  const { ada, ben, cleo, dan } = fixture.app.people
  const [a, b] = [await fixture.start(), await fixture.start()]
  const reader = fixture.follow(b, cleo)
  const laptop = fixture.follow(a, ada, 'laptop')
  a.presence.note(device(ada, 'laptop'), true)
  await until(() => reader.state(ada) === 'online', slack, 'online')
  await fixture.nats.stop()
  await until(() => !a.bus.connected && !b.bus.connected, 5_000, 'noticed')
  // Meanwhile Ada leaves, Ben comes, and on the other instance Dan does.
  laptop.stop()
  fixture.follow(a, ben, 'laptop')
  a.presence.note(device(ben, 'laptop'), true)
  fixture.follow(b, dan, 'laptop')
  b.presence.note(device(dan, 'laptop'), true)
  await until(() => reader.state(dan) === 'online', slack, 'an own one')
  await until(() => reader.state(ada) === 'offline', scaled(52_000) + slack, 'not heard any more')
  expect(reader.state(ben)).toBe('offline')
  await fixture.nats.start()
  const beat = setInterval(() => {
    a.presence.note(device(ben, 'laptop'), true)
    b.presence.note(device(dan, 'laptop'), true)
  }, 200)
  await until(() => reader.state(ben) === 'online', 5_000, 'heard again')
  const other = fixture.follow(a, cleo)
  await until(() => other.state(dan) === 'online', 5_000, 'heard on the other side')
  clearInterval(beat)
  expect(reader.state(ada)).toBe('offline')
})

test('signals that are lost, doubled or late leave nobody in the wrong for long', async () => {
  const { ada, cleo } = fixture.app.people
  let n = 0
  const a = await fixture.start((bus) => makeFaulty(bus, () => [[], [0, 30], [0]][n++ % 3] ?? []))
  const b = await fixture.start()
  const reader = fixture.follow(b, cleo)
  for (const active of [true, false, true, false]) {
    a.presence.note(device(ada, 'laptop'), active)
    await until(
      () => reader.state(ada) === (active ? 'online' : 'away'),
      scaled(25_000) + slack,
      'heard in the end',
    )
  }
})

test('the stream of hints ends with the session it lives by', async () => {
  const eve = await addPerson(fixture.app.services, 'Eve')
  const a = await fixture.start()
  const reader = fixture.follow(a, eve)
  await until(() => reader.hints.length > 0, slack, 'the first item')
  const { sessions } = await eve.api.auth.sessions.list()
  await eve.api.auth.sessions.revoke({ sessionId: sessions[0]?.id ?? '' })
  expect(await reader.ended).toMatchObject({ reason: 'SESSION_ENDED' })
})

test('typing reaches the other participants of the thread on every instance, and nobody else', async () => {
  const { ada, ben, cleo } = fixture.app.people
  const { thread } = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Geese',
    participantIds: [ben.user.id],
  })
  const [a, b] = [await fixture.start(), await fixture.start()]
  const [own, there, outside] = [
    fixture.follow(a, ada),
    fixture.follow(b, ben),
    fixture.follow(b, cleo),
  ]
  const readers = [own, there, outside]
  await until(() => readers.every((r) => r.hints.length > 0), slack, 'all are reading')
  const typed = () =>
    readers.map(({ hints }) => hints.filter((hint) => hint.type === 'typing').length)
  for (let i = 0; i < 20; i++) a.presence.type(ada.user.id, thread.id)
  await until(() => typed()[1] === 1, slack, 'heard')
  await sleep(100)
  expect(typed()).toEqual([0, 1, 0])
})
