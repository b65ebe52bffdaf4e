import type { Route } from '@playwright/test'
import {
  composer,
  expect,
  isLive,
  row,
  rows,
  say,
  startThread,
  test,
  texts,
  write,
} from './fixtures.ts'

/** What a browser says of its own accord while a line is down. */
const lineIsDown = /net::ERR_|WebSocket connection to/

test('what was written offline survives closing the page, and goes out once and in order', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'offline', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])
  await write(ben.page, 'before')
  await expect(texts(ada.page)).toHaveText(['before'])

  ben.complaints.expected.push(lineIsDown)
  await ben.context.setOffline(true)
  const said = ['first of three', 'second of three', 'third of three']
  for (const text of said) await write(ben.page, text)
  await expect(texts(ben.page)).toHaveText(['before', ...said])
  await expect(row(ben.page, 'first of three')).toContainText(
    'Goes out when the connection is back',
  )
  await expect(ben.page.getByText(/^You are offline\./)).toBeVisible()
  await ben.page.close()

  // The page opens, but still nothing of what it calls gets through.
  const page = await ben.newPage()
  const cut = (route: Route) => route.abort('internetdisconnected')
  await page.route('**/trpc/**', cut)
  await ben.context.setOffline(false)
  await page.goto(`/threads/${thread.id}`)
  await expect(texts(page)).toHaveText(['before', ...said])
  // Of the first one a try may have been on its way as the page was closed, which the browser finishes beyond its end.
  await expect(row(page, 'third of three')).toContainText(/Sending|Goes out/)
  expect([['before'], ['before', said[0]]]).toContainEqual(await texts(ada.page).allTextContents())

  await page.unroute('**/trpc/**', cut)
  await expect(texts(ada.page)).toHaveText(['before', ...said])
  await expect(texts(page)).toHaveText(['before', ...said])
  await expect(page.getByText(/Sending|Goes out/)).toHaveCount(0)
  const { messages } = await ada.api.messages.list.query({ threadId: thread.id })
  expect(messages.map(({ text }) => text)).toEqual(['before', ...said])
  await page.reload()
  await expect(texts(page)).toHaveText(['before', ...said])
})

test('an answer that is lost after the message was kept does not send it twice', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'lost answer', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])
  ada.complaints.expected.push(lineIsDown)
  const sends: string[] = []
  await ada.page.route('**/trpc/messages.send**', async (route) => {
    sends.push(route.request().postData() ?? '')
    if (sends.length > 2) return route.continue()
    // The server has it and says so; nobody hears.
    await route.fetch()
    await route.abort('connectionreset')
  })
  await write(ada.page, 'only once')
  await write(ada.page, 'and then this')
  await expect(texts(ben.page)).toHaveText(['only once', 'and then this'])
  await expect(texts(ada.page)).toHaveText(['only once', 'and then this'])
  await expect(ada.page.getByText('Sending…')).toHaveCount(0)
  expect(sends.length).toBeGreaterThan(2)
  expect(sends[1]).toBe(sends[0])
  const { messages } = await ada.api.messages.list.query({ threadId: thread.id })
  expect(messages).toHaveLength(2)
})

test('an instance that is killed costs nobody a message, nor a reload', async ({
  arrive,
  cluster,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'killed', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])
  await ada.page.evaluate(() => Object.assign(window, { same: true }))
  await write(ada.page, 'one')
  await expect(texts(ben.page)).toHaveText(['one'])
  await write(ben.page, 'two')
  await expect(texts(ada.page)).toHaveText(['one', 'two'])

  ada.complaints.expected.push(lineIsDown)
  const banner = ada.page.getByRole('status').filter({ hasText: 'No connection to the server.' })
  await cluster.instances[0].kill()
  try {
    const killedAt = Date.now()
    await write(ada.page, 'while it is dead')
    await write(ben.page, 'are you there?')
    await expect(banner).toBeVisible()
    expect(Date.now() - killedAt).toBeGreaterThan(4_000)
    await expect(ada.page.getByText(/Next try in \d+ seconds?|Trying now/)).toBeVisible()
    await expect(row(ada.page, 'while it is dead')).toContainText('Goes out')
  } finally {
    await cluster.instances[0].start()
  }
  await ada.page.getByRole('button', { name: 'Retry now' }).click()
  await expect(banner).toBeHidden()
  const everything = ['one', 'two', 'are you there?', 'while it is dead']
  await expect(texts(ada.page)).toHaveText(everything)
  await expect(texts(ben.page)).toHaveText(everything)
  await isLive(ada.page)
  await write(ben.page, 'welcome back')
  await expect(texts(ada.page)).toHaveText([...everything, 'welcome back'])
  expect(await ada.page.evaluate(() => 'same' in window)).toBe(true)
})

test('without NATS a message takes two seconds at the most to the other instance', async ({
  arrive,
  cluster,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'no doorbell', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])
  await cluster.nats.stop()
  try {
    for (const text of ['first', 'second', 'third']) {
      // Seen by the page itself, so that the test's own pace does not count.
      const seen = ben.page.evaluate(
        (expected) =>
          new Promise<number>((resolve) => {
            const look = () => {
              const found = [...document.querySelectorAll('[data-message] .prose-message')].some(
                (each) => each.textContent === expected,
              )
              if (found) resolve(Date.now())
              else requestAnimationFrame(look)
            }
            look()
          }),
        text,
      )
      await say(ada, thread, text)
      const sentAt = Date.now()
      expect((await seen) - sentAt).toBeLessThan(2_000)
    }
  } finally {
    await cluster.nats.start()
  }
  await write(ada.page, 'it is back')
  await expect(texts(ben.page)).toHaveText(['first', 'second', 'third', 'it is back'])
})

test('whoever was removed sees nothing said afterwards, and is told so', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'closed circle', [ben])
  const frames: string[] = []
  ben.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
  )
  await Promise.all([ada.open(thread), ben.open(thread)])
  await write(ada.page, 'while you are here')
  await expect(texts(ben.page)).toHaveText(['while you are here'])
  expect(frames.join()).toContain('while you are here')

  await ada.api.threads.participants.remove.mutate({ threadId: thread.id, userId: ben.user.id })
  await say(ada, thread, 'behind your back')
  await expect(ben.page.getByText('You are no longer here')).toBeVisible()
  await expect(ben.page.getByText('closed circle')).toHaveCount(0)
  await expect(rows(ben.page)).toHaveCount(0)
  await expect(composer(ben.page)).toHaveCount(0)
  // Something that comes later on the same line shows that nothing is merely late.
  const next = await startThread(ada, 'another', [ben])
  await expect(ben.page.locator(`[data-thread-link="${next.id}"]`)).toBeVisible()
  await expect(ben.page.locator('body')).not.toContainText('behind your back')

  ben.complaints.expected.push(/404/)
  const answer = await ben.page.goto(`/threads/${thread.id}`)
  expect(answer?.status()).toBe(404)
  await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible()
  await expect(ben.page.locator('body')).not.toContainText('behind your back')
  expect(frames.join()).not.toContain('behind your back')
})

test('a message that is refused stays with its reason, to be sent again, copied or let go', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1, permissions: ['clipboard-read', 'clipboard-write'] })
  const thread = await startThread(ada, 'shut', [ben])
  await ben.open(thread)
  await write(ben.page, 'in time')
  // Kept, and not only on screen: what is still on its way would be the one that comes too late.
  await expect
    .poll(async () => (await ada.api.messages.list.query({ threadId: thread.id })).messages.length)
    .toBe(1)
  await expect(texts(ben.page)).toHaveText(['in time'])

  // It is archived before the page hears of it.
  ben.complaints.expected.push(/status of 4\d\d/)
  let archived = false
  await ben.page.route('**/trpc/messages.send**', async (route) => {
    if (!archived) await ada.api.threads.archive.mutate({ threadId: thread.id })
    archived = true
    await route.continue()
  })
  await write(ben.page, 'too late')
  const failed = row(ben.page, 'too late')
  await expect(failed.getByRole('alert')).toContainText(/^Not sent\. \S.+/)

  // With the keyboard alone.
  await failed.focus()
  await ben.page.keyboard.press('Tab')
  await expect(failed.getByRole('button', { name: 'Retry' })).toBeFocused()
  await ben.page.keyboard.press('Tab')
  await expect(failed.getByRole('button', { name: 'Copy' })).toBeFocused()
  await ben.page.keyboard.press('Enter')
  await expect.poll(() => ben.page.evaluate(() => navigator.clipboard.readText())).toBe('too late')

  // It is there after a reload too.
  await ben.page.reload()
  await isLive(ben.page)
  await expect(failed.getByRole('alert')).toBeVisible()
  await ada.api.threads.archive.mutate({ threadId: thread.id, archived: false })
  await expect(composer(ben.page)).toBeVisible()
  await failed.getByRole('button', { name: 'Retry' }).click()
  await expect(failed.getByRole('alert')).toBeHidden()
  await expect(texts(ben.page)).toHaveText(['in time', 'too late'])
  await expect
    .poll(async () =>
      (await ada.api.messages.list.query({ threadId: thread.id })).messages.map(({ text }) => text),
    )
    .toEqual(['in time', 'too late'])

  await ada.api.threads.archive.mutate({ threadId: thread.id })
  await expect(ben.page.getByText('This thread is archived.')).toBeVisible()
})
