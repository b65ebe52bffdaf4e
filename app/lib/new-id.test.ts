import { expect, test } from 'vitest'
import { newId } from './new-id.ts'

test('an id is a version 4 UUID, another one each time, and needs random bytes only', () => {
  const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) }
  const ids = Array.from({ length: 1_000 }, () => newId(insecure))
  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
