import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { verifyEvents } from '../../testing/verify-events.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

const seen = async () => {
  const { ada, ben } = app.people
  return (await ada.api.people.get({ personId: ben.user.id })).person.status
}

test('a status is seen by everyone, once set and once cleared', async () => {
  const { ada, ben } = app.people
  const world = { services: app.services, viewers: [ada, ben] }
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const input = { text: 'On the roof', emoji: '🎈', until }
  await verifyEvents(world, () => ben.api.people.setStatus(input))
  expect(await seen()).toEqual(input)
  await verifyEvents({ ...world, expect: 'nothing' }, () => ben.api.people.setStatus(input))
  await verifyEvents(world, () => ben.api.people.setStatus({ text: ' ' }))
  expect(await seen()).toBeNull()
  await verifyEvents({ ...world, expect: 'nothing' }, () => ben.api.people.setStatus({}))
})

test('a status ends by itself when its time is over', async () => {
  const { ben } = app.people
  const until = new Date(Date.now() + 1_500).toISOString()
  await ben.api.people.setStatus({ text: 'Back in a moment', until })
  expect(await seen()).toMatchObject({ text: 'Back in a moment' })
  await expect.poll(seen, { timeout: 6_000 }).toBeNull()
  expect((await ben.api.auth.me()).user.status).toBeNull()
})

test('a status that is over before it begins is none', async () => {
  const { ben } = app.people
  const until = new Date(Date.now() - 1_000).toISOString()
  const { user } = await ben.api.people.setStatus({ text: 'Was here', until })
  expect(user.status).toBeNull()
})

test.each([1, -1])(
  'an instance whose clock is off by %i h lets a status live as long as the others do',
  async (hours) => {
    const { ben } = app.people
    const half = new Date(Date.now() + 30 * 60_000).toISOString()
    const past = new Date(Date.now() - 30 * 60_000).toISOString()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 })
    try {
      await ben.api.people.setStatus({ text: 'Half an hour', until: half })
      expect(await seen()).toMatchObject({ text: 'Half an hour' })
      await ben.api.people.setStatus({ text: 'Long gone', until: past })
      expect(await seen()).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  },
)
