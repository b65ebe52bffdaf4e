import { randomUUID } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { emptyLive, withThreads, type Live } from '../../client/fold.ts'
import { createClient, SkeinError } from '../../client/index.ts'
import { openClientFixture } from '../../client/testing/client-fixture.ts'
import { LiveClient } from './live-client.ts'
import { Store } from './store.ts'

/** The state of a page in which a mistake strikes when it is told to. */
class FragileStore extends Store<Live> {
  isBreaking = false

  override update(change: (value: Live) => Live): void {
    if (this.isBreaking) {
      this.isBreaking = false
      throw new Error('a mistake')
    }
    super.update(change)
  }
}

afterEach(() => vi.unstubAllGlobals())

/** Ben's page, as the server rendered it and the browser took it up. */
async function openPage(rendered: { cursor?: string; fetch?: typeof fetch } = {}) {
  const fixture = await openClientFixture()
  const { ben } = fixture.app.people
  const { proxy, token } = fixture
  const skein = createClient({ url: proxy.url, token, fetch: rendered.fetch })
  const cursor = rendered.cursor ?? (await skein.api.events.cursor.query()).cursor
  const { threads } = await skein.api.threads.list.query({})
  const live = new FragileStore(withThreads(emptyLive(ben.user), threads))
  const onSignedOut = vi.fn()
  const client = new LiveClient({ skein, live, cursor, onSignedOut })
  client.start()
  await client.openThread(fixture.threadId)
  return {
    ...fixture,
    isLive: () => expect.poll(() => skein.connection.getSnapshot().type).toBe('live'),
    live,
    onSignedOut,
    async close() {
      client.stop()
      await skein.close()
      await fixture.close()
    },
  }
}

test('a mistake of the page is reported and costs one reading of everything; then it goes on', async () => {
  const reported: unknown[] = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
  const page = await openPage()
  const { app, live, say, threadId } = page
  const { ada, ben } = app.people
  const texts = () => live.get().timelines[threadId]?.messages.map(({ text }) => text)
  try {
    await page.isLive()
    await say('one')
    await expect.poll(texts).toEqual(['one'])

    // What it would have been told is that it may read the thread no more.
    live.isBreaking = true
    await ada.api.threads.participants.remove({ threadId, userId: ben.user.id })
    await expect.poll(() => live.get().threads[threadId], { timeout: 10_000 }).toBeUndefined()
    expect(live.get().timelines[threadId]).toBeUndefined()
    expect(reported).toHaveLength(1)
    expect(reported[0]).toBeInstanceOf(SkeinError)
    expect(reported[0]).toMatchObject({ reason: 'HANDLER_FAILED' })

    const { thread } = await ada.api.threads.create({
      clientId: randomUUID(),
      kind: 'private',
      title: 'Afterwards',
      participantIds: [ben.user.id],
    })
    await expect.poll(() => live.get().threads[thread.id]?.title).toBe('Afterwards')
  } finally {
    await page.close()
  }
})

test('a page whose person is signed out elsewhere is told so, once, and asks for nothing more', async () => {
  const page = await openPage()
  const { auth } = page.app.people.ben.api
  try {
    await page.isLive()
    const { tokens } = await auth.tokens.list()
    for (const { id } of tokens) await auth.tokens.revoke({ tokenId: id })
    await expect.poll(() => page.onSignedOut.mock.calls.length, { timeout: 5_000 }).toBe(1)
    // Longer than it waits before it tries again after anything else.
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    expect(page.onSignedOut).toHaveBeenCalledOnce()
  } finally {
    await page.close()
  }
})

test('a page of another history waits a moment of its own, and as long as the server asks, before it reads anew', async () => {
  vi.stubGlobal('reportError', vi.fn())
  vi.spyOn(Math, 'random').mockReturnValue(0.2)
  const asked: number[] = []
  const busy = { reason: 'BUSY', httpStatus: 503, retryAfter: 2 }
  const page = await openPage({
    cursor: Buffer.from('00000000-0000-4000-8000-000000000000.7').toString('base64url'),
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input)
      if (!url.includes('/events.cursor')) return fetch(input, init)
      if (asked.push(Date.now()) > 1) return fetch(input, init)
      return Response.json(
        { error: { message: 'Busy.', code: -32603, data: busy } },
        { status: 503 },
      )
    },
  })
  const { live, say, threadId } = page
  const begun = Date.now()
  try {
    await expect.poll(() => asked.length, { timeout: 10_000 }).toBe(2)
    const [first = 0, second = 0] = asked
    expect(first - begun).toBeGreaterThan(500)
    expect(second - first).toBeGreaterThanOrEqual(1_990)
    expect(second - first).toBeLessThan(2_900)
    await page.isLive()
    await say('in this one')
    const texts = () => live.get().timelines[threadId]?.messages.map(({ text }) => text)
    await expect.poll(texts).toEqual(['in this one'])
    expect(page.onSignedOut).not.toHaveBeenCalled()
    expect(reportError).not.toHaveBeenCalled()
  } finally {
    await page.close()
  }
})
