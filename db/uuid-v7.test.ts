import { expect, test } from 'vitest'
import { uuidV7 } from './uuid-v7.ts'

test('carries its time, version and variant, and is never the same', () => {
  const time = Date.UTC(2026, 10, 27, 12, 34, 56, 789)
  const ids = Array.from({ length: 1_000 }, () => uuidV7(time))
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(time)
  }
  expect(new Set(ids).size).toBe(1_000)
})

test('sorts by time', () => {
  expect(uuidV7(1_000) < uuidV7(1_001)).toBe(true)
  expect(uuidV7(0xffff) < uuidV7(0x10000)).toBe(true)
})
