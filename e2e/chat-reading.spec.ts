import type { Page } from '@playwright/test'
import { expect, isLive, row, rows, say, startThread, test, type Visitor } from './fixtures.ts'

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}.`)

/** Ben has read the first hundred of Ada's two hundred messages. */
async function longThread(ada: Visitor, ben: Visitor) {
  const thread = await startThread(ada, 'long story', [ben])
  const early = await say(ada, thread, ...lines(1, 100))
  await ben.api.threads.markRead.mutate({ threadId: thread.id, seq: early.at(-1)?.seq ?? 0 })
  const late = await say(ada, thread, ...lines(101, 200))
  return { thread, messages: [...early, ...late] }
}

const newLine = (page: Page) => page.locator('[data-new-line]')

test('a thread opens where I left off, and the latest is one step away', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const { thread } = await longThread(ada, ben)
  await ben.open(thread)
  await expect(newLine(ben.page)).toBeInViewport()
  await expect(row(ben.page, 'line 101.')).toBeInViewport()
  await expect(row(ben.page, 'line 200.')).not.toBeInViewport()
  await expect(ben.page).toHaveTitle(/^\(\d+\) long story/)

  await ben.page.getByRole('button', { name: /Jump to latest/ }).click()
  await expect(row(ben.page, 'line 200.')).toBeInViewport()
  await expect(ben.page.getByRole('button', { name: /Jump to latest/ })).toBeHidden()
  // Seen at the end for a second: read, on every device.
  await expect(ben.page).toHaveTitle(/^long story/)
  await expect
    .poll(async () => (await ben.api.threads.get.query({ threadId: thread.id })).thread.unread)
    .toBe(0)

  // What is further up comes as I go there, and nothing of it is missing or doubled.
  await ben.page.reload()
  await isLive(ben.page)
  const scroller = ben.page.locator('[data-scroller]')
  await expect(async () => {
    await scroller.evaluate((list) => list.scrollTo({ top: -list.scrollHeight }))
    await expect(row(ben.page, 'line 1.')).toBeInViewport({ timeout: 200 })
  }).toPass({ intervals: [50] })
  await expect(ben.page.getByText('This is where it begins.')).toBeVisible()
  const shown = await rows(ben.page).evaluateAll((all) =>
    all.map((each) => each.querySelector('.prose-message')?.textContent),
  )
  expect(shown).toEqual(lines(1, 200))
})

/** Pages of messages wait until they are let through. */
async function holdPages(page: Page): Promise<() => void> {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  await page.route('**/trpc/messages.list**', async (route) => {
    await opened
    await route.continue()
  })
  return open
}

/** By how many pixels a row moved at the most, frame by frame, while `go` brought more rows. */
async function mostMoved(page: Page, text: string, go: () => unknown): Promise<number> {
  const watch = await row(page, text).evaluateHandle(async (read) => {
    const count = () => document.querySelectorAll('[data-message]').length
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    read.scrollIntoView({ block: 'center' })
    await frame()
    const loaded = count()
    const place = read.getBoundingClientRect().top
    const watchIt = async () => {
      let most = 0
      for (let after = 0; after < 10; after += count() > loaded ? 1 : 0) {
        await frame()
        most = Math.max(most, Math.abs(read.getBoundingClientRect().top - place))
      }
      return most
    }
    // In an object: a bare promise would be waited for here.
    return { most: watchIt() }
  })
  await go()
  return watch.evaluate(({ most }) => most)
}

test('the row that is read stays where it is while older ones arrive above', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const { thread } = await longThread(ada, ben)
  const { thread: mine } = await ben.api.threads.get.query({ threadId: thread.id })
  await ben.api.threads.markRead.mutate({ threadId: thread.id, seq: mine.head })
  const letThrough = await holdPages(ben.page)
  await ben.open(thread)
  await expect(row(ben.page, 'line 200.')).toBeInViewport()
  await expect(row(ben.page, 'line 151.')).toBeAttached()
  await expect(row(ben.page, 'line 150.')).toHaveCount(0)
  // At the very top, in sight of the day's line, which goes further up.
  expect(await mostMoved(ben.page, 'line 153.', letThrough)).toBeLessThanOrEqual(1)
  await expect(row(ben.page, 'line 140.')).toBeAttached()
})

test('nothing is marked read while nobody looks at the tab', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'unseen', [ben])
  await ben.open(thread)
  // What the browser says of a tab in the background.
  const look = (visible: boolean) =>
    ben.page.evaluate((seen) => {
      Object.defineProperty(document, 'visibilityState', {
        configurable: true,
        get: () => (seen ? 'visible' : 'hidden'),
      })
      document.dispatchEvent(new Event('visibilitychange'))
    }, visible)
  await look(false)
  await say(ada, thread, 'said to a hidden tab')
  await expect(row(ben.page, 'said to a hidden tab')).toBeAttached()
  await expect(newLine(ben.page)).toBeVisible()
  const unread = async () =>
    (await ben.api.threads.get.query({ threadId: thread.id })).thread.unread
  // Twice as long as a glance needs, by the page's own clock.
  await ben.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2_500)))
  expect(await unread()).toBe(1)
  await look(true)
  await expect.poll(unread).toBe(0)
})

test('"mark unread from here" holds over a reload and is seen on my other device', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'later', [ben])
  await say(ada, thread, 'one', 'two', 'three')
  await ben.open(thread)
  const other = await ben.newPage()
  await other.goto('/threads')
  await isLive(other)
  const link = (page: Page) => page.locator(`[data-thread-link="${thread.id}"]`)
  await ben.page.bringToFront()
  await expect(link(other)).toHaveAccessibleName('later')

  await row(ben.page, 'two').hover()
  await ben.page.getByRole('button', { name: 'More' }).click()
  await ben.page.getByRole('menuitem', { name: 'Mark unread from here' }).click()
  await expect(link(other)).toHaveAccessibleName('later, 2 unread')
  await expect(newLine(ben.page)).toBeVisible()
  await ben.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)))
  await expect(link(other)).toHaveAccessibleName('later, 2 unread')
  await ben.page.goto('/threads')
  await isLive(ben.page)
  await expect(link(ben.page)).toHaveAccessibleName('later, 2 unread')
})

test('a link to a message opens it in its place', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const { thread, messages } = await longThread(ada, ben)
  const wanted = messages[41]
  await ben.open(thread, `?message=${wanted?.id}`)
  await expect(row(ben.page, 'line 42.')).toBeInViewport()
  await expect(row(ben.page, 'line 42.')).toBeFocused()
  await expect(row(ben.page, 'line 41.')).toBeInViewport()
  await expect(row(ben.page, 'line 43.')).toBeInViewport()
  // What is said now does not tear the reader away, and is not put where it does not belong.
  await say(ada, thread, 'much later')
  await expect(ben.page.locator(`[data-thread-link="${thread.id}"]`)).toHaveAccessibleName(
    /101 unread/,
  )
  await expect(row(ben.page, 'line 42.')).toBeInViewport()
  await expect(row(ben.page, 'much later')).toHaveCount(0)
  await ben.page.getByRole('button', { name: /Jump to latest/ }).click()
  await expect(row(ben.page, 'much later')).toBeInViewport()
})

test('messages stand under their day, and close ones under one name', async ({ arrive }) => {
  // Their clocks are 25 hours apart: never the same day.
  const ada = await arrive('Ada', { timezoneId: 'Pacific/Kiritimati' })
  const ben = await arrive('Ben', { on: 1, timezoneId: 'Pacific/Pago_Pago' })
  const thread = await startThread(ada, 'groups', [ben])
  await say(ada, thread, 'a one', 'a two')
  await say(ben, thread, 'b one')
  await say(ada, thread, 'a three')
  for (const { page, open } of [ada, ben]) {
    await open(thread)
    const today = await page.evaluate(() =>
      new Date().toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' }),
    )
    await expect(page.getByRole('heading', { name: today })).toHaveCount(1)
    const named = await rows(page).evaluateAll((all) =>
      all.map((each) => each.querySelector('p:not(.sr-only) span')?.textContent ?? ''),
    )
    expect(named).toEqual(['Ada', '', 'Ben', 'Ada'])
  }
})

test('reading on from a linked message to the newest, and whoever writes, moves nothing', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const { thread, messages } = await longThread(ada, ben)
  const letThrough = await holdPages(ben.page)
  await ben.open(thread, `?message=${messages[41]?.id}`)
  await expect(row(ben.page, 'line 42.')).toBeInViewport()
  await expect(row(ben.page, 'line 80.')).toHaveCount(0)
  expect(await mostMoved(ben.page, 'line 58.', letThrough)).toBeLessThanOrEqual(1)
  await expect(row(ben.page, 'line 80.')).toBeAttached()

  const scroller = ben.page.locator('[data-scroller]')
  await expect(async () => {
    await scroller.evaluate((list) => (list.scrollTop += list.clientHeight / 2))
    await expect(row(ben.page, 'line 200.')).toBeInViewport({ timeout: 100 })
  }).toPass({ intervals: [50] })
  const shown = await rows(ben.page).evaluateAll((all) =>
    all.map((each) => each.querySelector('.prose-message')?.textContent),
  )
  expect(shown).toEqual(lines(200 - shown.length + 1, 200))
  await expect(ben.page).toHaveTitle(/^long story/)

  // Back up the page: what arrives now is counted at the button, and moves nothing.
  const news = () => say(ada, thread, 'news')
  expect(await mostMoved(ben.page, 'line 150.', news)).toBeLessThanOrEqual(1)
  await expect(row(ben.page, 'news')).toBeAttached()
  await expect(ben.page.getByRole('button', { name: /Jump to latest.*1 new/ })).toBeVisible()
})
