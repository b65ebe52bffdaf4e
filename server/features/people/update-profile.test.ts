import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'
import { verifyEvents } from '../../testing/verify-events.ts'

let app: TestApp
let everyone: TestApp['people'][keyof TestApp['people']][]
beforeAll(async () => {
  app = await createTestApp()
  everyone = Object.values(app.people)
})
afterAll(() => app.close())

const world = (expected: 'events' | 'nothing' = 'events') =>
  ({ services: app.services, viewers: everyone, expect: expected }) as const

test('what changes of a profile is told to everyone, without the address', async () => {
  const { ben } = app.people
  const events = await verifyEvents(world(), () =>
    ben.api.people.updateProfile({
      name: ' Benjamin Okri ',
      handle: 'BenO',
      title: 'Balloons',
      timeZone: 'Europe/Lisbon',
    }),
  )
  expect(events.map(({ type, actorId }) => ({ type, actorId }))).toEqual([
    { type: 'person.updated', actorId: ben.user.id },
  ])
  expect(JSON.stringify(events)).not.toContain('ben@example.org')
  const { person } = await app.people.cleo.api.people.get({ personId: ben.user.id })
  expect(person).toMatchObject({ name: 'Benjamin Okri', handle: 'beno', title: 'Balloons' })
  expect(person).not.toHaveProperty('email')
})

test('saving a profile as it was announces nothing', async () => {
  const { cleo } = app.people
  const { name, handle, title, timeZone } = cleo.user
  await verifyEvents(world('nothing'), () =>
    cleo.api.people.updateProfile({ name, handle, title, timeZone }),
  )
  await verifyEvents(world('nothing'), () => cleo.api.people.updateProfile({}))
})

test('of two who take the same handle at once, one has it', async () => {
  const { cleo, dan } = app.people
  const answers = await Promise.allSettled(
    [cleo, dan].map(({ api }) => api.people.updateProfile({ handle: 'captain' })),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { cause: { reason: 'HANDLE_TAKEN' } },
  })
})

test('a time zone is one that exists', async () => {
  const { dan } = app.people
  for (const timeZone of ['Mars/Olympus', '', 'Europe/Lisbon\u0000'])
    await expect(dan.api.people.updateProfile({ timeZone })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  for (const timeZone of ['Asia/Kolkata', 'UTC', null])
    expect((await dan.api.people.updateProfile({ timeZone })).user.timeZone).toBe(timeZone)
})
