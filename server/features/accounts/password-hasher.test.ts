import { parseOptions } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { createPasswordHasher } from './password-hasher.ts'

test('a password is kept as argon2id with m=19456, t=2, p=1 and a salt of its own', async () => {
  const hasher = createPasswordHasher()
  const [one, two] = [await hasher.hash('the same words'), await hasher.hash('the same words')]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  expect(one).not.toBe(two)
  expect(await hasher.verify(one, 'the same words')).toBe(true)
  expect(await hasher.verify(one, 'the same word')).toBe(false)
})

test('a flood of sign-ins never computes more than two hashes at once', async () => {
  const hasher = createPasswordHasher()
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, hasher.load.running)), 1)
  const flood = Array.from({ length: 12 }, (_, i) => hasher.hash(`password ${i}`))
  expect(hasher.load).toEqual({ running: 2, waiting: 10 })
  const finished: number[] = []
  await Promise.all(
    flood.map(async (hash, i) => {
      await hash
      finished.push(i)
      // Whoever has just finished has handed over the turn, and nobody took one beside it.
      most = Math.max(most, hasher.load.running)
    }),
  )
  clearInterval(watch)
  expect(most).toBe(2)
  expect(hasher.load).toEqual({ running: 0, waiting: 0 })
  expect(finished).toHaveLength(12)
})

test('beyond the queue a flood is told to come back, and those in it are served', async () => {
  const hasher = createPasswordHasher({ atOnce: 2, maxWaiting: 3 })
  const five = Array.from({ length: 5 }, (_, i) => hasher.hash(`password ${i}`))
  await expect(hasher.hash('one too many')).rejects.toMatchObject({
    reason: 'BUSY',
    kind: 'SERVICE_UNAVAILABLE',
    retryAfter: 3,
  })
  await expect(hasher.verify(null, 'also too many')).rejects.toMatchObject({ reason: 'BUSY' })
  expect(await Promise.all(five)).toHaveLength(5)
  expect(await hasher.hash('later there is room again')).toMatch(/^\$argon2id/)
})

test('a hash that cannot be read does not block those behind it', async () => {
  const hasher = createPasswordHasher({ atOnce: 1 })
  await expect(hasher.verify('not a hash', 'x')).rejects.toThrow()
  expect(await hasher.hash('next')).toMatch(/^\$argon2id/)
})

test('without a hash the answer is no, after the same work', async () => {
  const hasher = createPasswordHasher()
  const real = await hasher.hash('the password of somebody')
  const time = async (hash: string | null) => {
    const start = performance.now()
    expect(await hasher.verify(hash, 'a guess')).toBe(false)
    return performance.now() - start
  }
  // In turn, and the quickest of each: what else the machine does falls on both, and not on all.
  let [somebody, nobody] = [Infinity, Infinity]
  for (let i = 0; i < 15; i++) {
    somebody = Math.min(somebody, await time(real))
    nobody = Math.min(nobody, await time(null))
  }
  expect(nobody).toBeGreaterThan(somebody / 2)
  expect(nobody).toBeLessThan(somebody * 2)
})

test('every character of a long password counts, and the same letters composed otherwise are the same', async () => {
  const hasher = createPasswordHasher()
  const long = `${'zażółć gęślą jaźń 🪿 '.repeat(12)}`.slice(0, 200).toWellFormed()
  expect(long.length).toBe(200)
  const hash = await hasher.hash(long)
  expect(await hasher.verify(hash, long)).toBe(true)
  expect(await hasher.verify(hash, long.normalize('NFD'))).toBe(true)
  const otherAt = (i: number) => `${long.slice(0, i)}x${long.slice(i + 1)}`
  expect(await hasher.verify(hash, otherAt(100))).toBe(false)
  expect(await hasher.verify(hash, otherAt(199))).toBe(false)
  expect(await hasher.verify(hash, long.slice(0, 199))).toBe(false)
  expect(await hasher.verify(hash, `${long} `)).toBe(false)
})
