import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson } from '../../testing/factories.ts'
import { createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  await addPerson(app.services, 'Özlem Über-Ångström', 'ozzy')
  await addPerson(app.services, 'Борис Пастернак', 'boris')
  await addPerson(app.services, '100%_ Real\\Name', 'real')
})
afterAll(() => app.close())

async function found(query: string, options: { limit?: number; deactivated?: boolean } = {}) {
  const { people } = await app.people.ada.api.people.search({ query, ...options })
  return people.map(({ handle }) => handle)
}

test.each([
  ['ad', ['ada']],
  ['ADA', ['ada']],
  ['lovel', ['ada']],
  ['ada lov', ['ada']],
  ['@ben', ['ben']],
  ['okri', ['ben']],
  ['kri', []],
  ['öDE', ['dan']],
  ['özl', ['ozzy']],
  ['ÖZLEM', ['ozzy']],
  ['über', ['ozzy']],
  ['ång', ['ozzy']],
  ['пАСТ', ['boris']],
  ['100%', ['real']],
  ['%', []],
  ['_', []],
  ['real\\', ['real']],
  ["'; drop table users; --", []],
])('%s finds %j', async (query, handles) => {
  expect(await found(query)).toEqual(handles)
})

test('without a query everyone is listed by name, as far as asked', async () => {
  expect(await found('', { limit: 3 })).toEqual(['real', 'ada', 'ben'])
  expect(await found('')).toHaveLength(7)
})

test('page by page everyone is listed once, also two of one name', async () => {
  await addPerson(app.services, 'Ada Lovelace', 'ada2')
  const { api } = app.people.ben
  const listed: string[] = []
  let after: string | undefined
  do {
    const page = await api.people.search({ limit: 3, ...(after ? { after } : {}) })
    expect(page.people.length).toBeLessThanOrEqual(3)
    listed.push(...page.people.map(({ handle }) => handle))
    after = page.next ?? undefined
  } while (after)
  const { people, next } = await api.people.search({ limit: 100 })
  expect(next).toBeNull()
  expect(listed).toEqual(people.map(({ handle }) => handle))
  expect(listed).toHaveLength(8)
})

test('who was deactivated is found only when asked for', async () => {
  const { ada, dan } = app.people
  await ada.api.people.deactivate({ personId: dan.user.id })
  expect(await found('dan')).toEqual([])
  expect(await found('dan', { deactivated: true })).toEqual(['dan'])
})

test('no answer about others carries an address', async () => {
  const { people } = await app.people.ben.api.people.search({})
  expect(people.length).toBeGreaterThan(0)
  expect(JSON.stringify(people)).not.toContain('@example.org')
})

test('somebody who is not here is not found', async () => {
  await expect(
    app.people.ada.api.people.get({ personId: '01890000-0000-7000-8000-000000000000' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND', cause: { reason: 'PERSON_NOT_FOUND' } })
})
