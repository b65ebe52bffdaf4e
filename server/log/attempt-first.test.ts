import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { attemptFirst } from './attempt-first.ts'

test('what can be attempted is; after it could not, it is left for a while', async () => {
  const done: string[] = []
  const both = attemptFirst(
    async (what: string) => {
      done.push(`attempted ${what}`)
      return Promise.resolve(what === 'odd' ? null : what)
    },
    async (what) => {
      done.push(`did ${what}`)
      return Promise.resolve(what)
    },
    100,
  )
  expect(await both('plain')).toBe('plain')
  expect(await both('odd')).toBe('odd')
  expect(await both('plain')).toBe('plain')
  expect(done).toEqual(['attempted plain', 'attempted odd', 'did odd', 'did plain'])
  await sleep(120)
  expect(await both('plain')).toBe('plain')
  expect(done.at(-1)).toBe('attempted plain')
})

test('what fails is no reason to do it otherwise', async () => {
  const failing = attemptFirst(
    () => Promise.reject(new Error('gone')),
    () => Promise.resolve('done'),
    100,
  )
  await expect(failing()).rejects.toThrow('gone')
  await expect(failing()).rejects.toThrow('gone')
})
