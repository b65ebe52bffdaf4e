import { expect, test } from 'vitest'
import { HintQueue } from './hint-queue.ts'
import type { Hint, PresenceHint } from './presence.schema.ts'

const presence = (people: Partial<PresenceHint>): PresenceHint => ({
  type: 'presence',
  complete: false,
  online: [],
  away: [],
  offline: [],
  ...people,
})

/** What a reader finds that takes all of it at once. */
async function waiting(queue: HintQueue, n: number): Promise<Hint[]> {
  const hints: Hint[] = []
  for await (const hint of queue) {
    hints.push(hint)
    if (hints.length === n) break
  }
  return hints
}

test('a reader who takes nothing for a while finds one item with the latest of everyone', async () => {
  const queue = new HintQueue()
  queue.push(presence({ complete: true, online: ['ada', 'ben'] }))
  for (let i = 0; i < 1_000; i++) queue.push(presence({ away: ['ben'], online: [`p${i % 3}`] }))
  queue.push(presence({ offline: ['ada'] }))
  queue.push({ type: 'typing', threadId: 't', userId: 'ben' })
  expect(await waiting(queue, 2)).toEqual([
    presence({ complete: true, online: ['p0', 'p1', 'p2'], away: ['ben'], offline: ['ada'] }),
    { type: 'typing', threadId: 't', userId: 'ben' },
  ])
})

test('of typing only the newest two hundred hints wait', async () => {
  const queue = new HintQueue()
  for (let i = 0; i < 250; i++) queue.push({ type: 'typing', threadId: 't', userId: String(i) })
  queue.push(presence({ online: ['ada'] }))
  const hints = await waiting(queue, 201)
  expect(hints[1]).toMatchObject({ userId: '50' })
  expect(hints[200]).toMatchObject({ userId: '249' })
})
