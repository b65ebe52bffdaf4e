import { describe, expect, it } from 'vitest'
import { LocalStore } from '~/lib/local-store.ts'
import { Outbox, type PendingMessage, type SendOutcome } from './outbox.ts'

/** A browser's storage that lives as long as the test. */
class MemoryStorage implements Storage {
  [name: string]: unknown
  get length() {
    return Object.keys(this).length
  }
  key(index: number) {
    return Object.keys(this)[index] ?? null
  }
  getItem(key: string) {
    const value = this[key]
    return typeof value === 'string' ? value : null
  }
  setItem(key: string, value: string) {
    this[key] = value
  }
  removeItem(key: string) {
    delete this[key]
  }
  clear() {
    for (const key of Object.keys(this)) delete this[key]
  }
}

function open(
  storage: Storage,
  send: (message: PendingMessage, wake: AbortSignal) => Promise<SendOutcome>,
) {
  let ids = 0
  const locks = new Map<string, Promise<void>>()
  return new Outbox({
    store: new LocalStore(storage, 'ada'),
    send,
    newId: () => `id-${Object.keys(storage).length}-${ids++}`,
    now: () => new Date('2026-11-21T10:00:00Z'),
    exclusively: (name, task) => {
      const done = (locks.get(name) ?? Promise.resolve()).then(task)
      locks.set(name, done)
      return done
    },
    wait: () => new Promise(() => undefined),
  })
}

const sent = { type: 'sent' } as const
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('messages on their way out', () => {
  it('go out once each and in the order of writing', async () => {
    const out: string[] = []
    const outbox = open(new MemoryStorage(), async ({ text }) => {
      await settled()
      out.push(text)
      return sent
    })
    for (const text of ['one', 'two', 'three']) outbox.add('general', text)
    expect(outbox.pending.get().map((each) => each.text)).toEqual(['one', 'two', 'three'])
    await expect.poll(() => out).toEqual(['one', 'two', 'three'])
    await expect.poll(() => outbox.pending.get()).toEqual([])
  })

  it('survive closing the browser and then go out in order under the same ids', async () => {
    const storage = new MemoryStorage()
    const first = open(storage, async () => ({ type: 'later', afterMs: 1_000 }))
    first.add('general', 'one')
    first.add('general', 'two')
    const ids = first.pending.get().map((each) => each.clientId)
    await settled()
    first.close()

    const out: string[] = []
    const second = open(storage, async ({ clientId }) => {
      out.push(clientId)
      return sent
    })
    second.start()
    await expect.poll(() => out).toEqual(ids)
    await expect.poll(() => new LocalStore(storage, 'ada').keys('')).toEqual([])
  })

  it('stay, with the reason, when the server refuses one; the next one goes', async () => {
    const outbox = open(new MemoryStorage(), async ({ text }) =>
      text === 'bad' ? { type: 'refused', problem: 'Too long.' } : sent,
    )
    const bad = outbox.add('general', 'bad')
    outbox.add('general', 'good')
    await expect
      .poll(() => outbox.pending.get())
      .toEqual([{ ...bad, state: 'failed', problem: 'Too long.' }])
    outbox.remove(bad.clientId)
    expect(outbox.pending.get()).toEqual([])
  })

  it('are tried again as soon as the connection is back', async () => {
    let online = false
    const outbox = open(new MemoryStorage(), async () =>
      online ? sent : { type: 'later', afterMs: 60_000 },
    )
    outbox.add('general', 'hello')
    outbox.add('random', 'hello there')
    await settled()
    expect(outbox.pending.get()).toHaveLength(2)
    online = true
    outbox.wake()
    await expect.poll(() => outbox.pending.get()).toEqual([])
  })

  it('do not wait for the answer to a try that is lost, when the connection is back', async () => {
    const tries: string[] = []
    const outbox = open(new MemoryStorage(), async ({ clientId }, wake) => {
      tries.push(clientId)
      if (tries.length > 1) return sent
      // An answer that never comes.
      await new Promise((resolve) => wake.addEventListener('abort', resolve))
      return { type: 'later', afterMs: 60_000 }
    })
    const { clientId } = outbox.add('general', 'hello')
    await settled()
    expect(outbox.pending.get()).toHaveLength(1)
    outbox.wake()
    await expect.poll(() => outbox.pending.get()).toEqual([])
    expect(tries).toEqual([clientId, clientId])
  })

  it('go out no more once they were deleted, whatever becomes of the try under way', async () => {
    for (const outcome of [
      { type: 'later', afterMs: 60_000 },
      { type: 'refused', problem: 'Too late.' },
    ] as const) {
      const out: string[] = []
      const outbox = open(new MemoryStorage(), async ({ text }, signal) => {
        out.push(text)
        if (text !== 'a slip') return sent
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return outcome
      })
      const slip = outbox.add('general', 'a slip')
      outbox.add('general', 'next')
      await settled()
      outbox.remove(slip.clientId)
      await expect.poll(() => outbox.pending.get()).toEqual([])
      expect(out).toEqual(['a slip', 'next'])
    }
  })

  it('are not sent by this tab when another tab has sent them', async () => {
    const storage = new MemoryStorage()
    const out: string[] = []
    let release: () => void = () => undefined
    const outbox = open(storage, async ({ text }) => {
      out.push(text)
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return sent
    })
    outbox.add('general', 'one')
    const two = outbox.add('general', 'two')
    await expect.poll(() => out).toEqual(['one'])
    new LocalStore(storage, 'ada').remove(`outbox:${two.clientId}`)
    release()
    await expect.poll(() => outbox.pending.get()).toEqual([])
    expect(out).toEqual(['one'])
  })

  it('of another person on the same browser are not seen', () => {
    const storage = new MemoryStorage()
    new LocalStore(storage, 'ben').write('outbox:x', '{}')
    const outbox = open(storage, async () => sent)
    outbox.start()
    expect(outbox.pending.get()).toEqual([])
  })
})
