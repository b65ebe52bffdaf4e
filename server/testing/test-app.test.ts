import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from './test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ instances: 2 })
})
afterAll(() => app.close())

test('the cast is signed in, on every instance, and Ada owns the server', async () => {
  const { ada, ben } = app.people
  expect((await ada.api.auth.me()).user).toMatchObject({ handle: 'ada', role: 'owner' })
  const [, second] = app.instances
  if (!second) throw new Error('there are two instances')
  expect((await ben.on(second).auth.me()).user).toMatchObject({ handle: 'ben', role: 'member' })
})

test('whoever signs up is in the thread that the first person started', async () => {
  const { dan } = app.people
  const { threads } = await dan.api.threads.list()
  expect(threads.map(({ title, role }) => ({ title, role }))).toEqual([
    { title: 'general', role: 'member' },
  ])
})

test('a visitor is nobody', async () => {
  await expect(app.visitor().auth.me()).rejects.toMatchObject({
    cause: { reason: 'NOT_SIGNED_IN' },
  })
})
