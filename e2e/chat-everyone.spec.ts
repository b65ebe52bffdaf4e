import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import {
  composer,
  expect,
  row,
  rows,
  say,
  startThread,
  test,
  texts,
  type Visitor,
} from './fixtures.ts'

async function livelyThread(ada: Visitor, ben: Visitor) {
  const thread = await startThread(ada, 'lively', [ben])
  await say(
    ben,
    thread,
    'Have a look at `geese.ts` and https://example.org/guide',
    '> quoted\n\nyes',
  )
  await say(ada, thread, `@${ben.user.handle} \`\`\`\nconst v = 1\n\`\`\``, '- one\n- two')
  const [edited, deleted] = await say(ben, thread, 'old', 'to go')
  await ben.api.messages.edit.mutate({ messageId: edited?.id ?? '', text: 'new' })
  await ben.api.messages.delete.mutate({ messageId: deleted?.id ?? '' })
  return thread
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing in the ${colorScheme} shell stands in anybody's way`, async ({ arrive }) => {
    const ada = await arrive('Ada', { colorScheme })
    const ben = await arrive('Ben', { on: 1 })
    const thread = await livelyThread(ada, ben)
    await startThread(ben, 'unread', [ada])
    await ada.open(thread)
    await expect(rows(ada.page)).toHaveCount(6)
    await row(ada.page, 'one').hover()
    await expect(ada.page.getByRole('toolbar')).toBeVisible()
    const { violations } = await new AxeBuilder({ page: ada.page }).analyze()
    expect(
      violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map((n) => n.html) })),
    ).toEqual([])
  })
}

test('a thread is read, answered and changed with the keyboard alone', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'by keys', [ben])
  const other = await startThread(ada, 'by the lake', [ben])
  await say(ada, thread, 'first', 'second', 'third')
  await ada.open(thread)
  const { keyboard } = ada.page
  await expect(composer(ada.page)).toBeFocused()

  // The list is one stop, at its newest message.
  await keyboard.press('Shift+Tab')
  await expect(row(ada.page, 'third')).toBeFocused()
  await keyboard.press('ArrowUp')
  await expect(row(ada.page, 'second')).toBeFocused()
  await keyboard.press('Home')
  await expect(row(ada.page, 'first')).toBeFocused()
  await keyboard.press('End')
  await expect(row(ada.page, 'third')).toBeFocused()
  expect(
    await rows(ada.page).evaluateAll((all) => all.filter((each) => each.tabIndex === 0)),
  ).toHaveLength(1)

  // Enter goes into what can be done with it, Escape comes back.
  await keyboard.press('Enter')
  await expect(ada.page.getByRole('button', { name: 'Edit', exact: true })).toBeFocused()
  await keyboard.press('Escape')
  await expect(row(ada.page, 'third')).toBeFocused()
  await keyboard.press('Enter')
  await keyboard.press('Enter')
  const edit = ada.page.getByRole('textbox', { name: 'Edit message' })
  await expect(edit).toBeFocused()
  await keyboard.type(' and last')
  await keyboard.press('Enter')
  await expect(texts(ada.page)).toHaveText(['first', 'second', 'third and last'])
  await expect(row(ada.page, 'third and last')).toBeFocused()

  // Through the menu.
  await keyboard.press('Enter')
  const more = ada.page.getByRole('button', { name: 'More' })
  while (!(await more.evaluate((button) => button === document.activeElement))) {
    await keyboard.press('Tab')
  }
  await keyboard.press('Enter')
  await expect(ada.page.getByRole('menuitem').first()).toBeFocused()
  await keyboard.press('Escape')
  await expect(more).toBeFocused()

  // Regions, threads, and what was unread.
  await keyboard.press('F6')
  await expect(composer(ada.page)).toBeFocused()
  await keyboard.press('F6')
  const link = (id: string) => ada.page.locator(`[data-thread-link="${id}"]`)
  await expect(link(thread.id)).toBeFocused()
  await keyboard.press('Alt+ArrowDown')
  await expect(ada.page).toHaveURL(new RegExp(`${other.id}$`))
  await expect(ada.page.getByRole('heading', { level: 1, name: 'by the lake' })).toBeVisible()
  await say(ben, thread, 'one more')
  await expect(link(thread.id)).toHaveAccessibleName(/unread/)
  await keyboard.press('Alt+Shift+ArrowUp')
  await expect(ada.page).toHaveURL(new RegExp(`${thread.id}$`))
  await keyboard.press('Escape')
  await expect(link(thread.id)).toHaveAccessibleName('by keys')

  // From the top: the first Tab skips the list of threads.
  await ada.page.goto('/threads')
  await keyboard.press('Tab')
  const skip = ada.page.getByRole('link', { name: 'Skip to the conversation' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await keyboard.press('Enter')
  await expect(ada.page.locator('#main')).toBeFocused()
})

test('what arrives is read out once; what was there before is not', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'aloud', [ben])
  await say(ben, thread, 'from before')
  await ada.open(thread)
  const log = ada.page.getByRole('log')
  await say(ben, thread, 'just now')
  await expect(log).toHaveText('Ben: just now')
  await say(ada, thread, 'my own')
  await expect(row(ada.page, 'my own')).toBeVisible()
  await expect(log).toHaveText('Ben: just now')
})

test('at 320 px and 400 % nothing is cut off or scrolls sideways', async ({ arrive }) => {
  const ada = await arrive('Ada', { viewport: { width: 320, height: 640 } })
  const ben = await arrive('Ben', { on: 1 })
  const thread = await livelyThread(ada, ben)
  await say(ben, thread, 'w'.repeat(400), `\`\`\`\n${'code '.repeat(80)}\n\`\`\``)
  for (const path of [`/threads/${thread.id}`, '/threads']) {
    await ada.page.goto(path)
    await expect(ada.page.locator('h1, nav').first()).toBeAttached()
    expect(await overflow(ada.page)).toEqual([])
  }
  await ada.open(thread)
  await ada.page.getByRole('link', { name: 'All threads' }).click()
  await expect(ada.page.getByRole('link', { name: /^lively/ })).toBeVisible()
})

/** Whatever sticks out of the window, unless it scrolls by itself. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (/(auto|scroll|hidden)/.test(getComputedStyle(element).overflowX) ||
        scrolls(element.parentElement))
    const out = [...document.body.querySelectorAll('*')].filter(
      (each) => each.getBoundingClientRect().right > width + 1 && !scrolls(each.parentElement),
    )
    const wide = document.documentElement.scrollWidth > width ? ['the page itself'] : []
    const list = document.querySelector('[data-scroller]')
    const clipped = list && list.scrollWidth > list.clientWidth ? ['the timeline'] : []
    return [...wide, ...clipped, ...out.map((each) => each.outerHTML.slice(0, 120))]
  })
}

test('Arabic and Hebrew stand from right to left, beside English', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'شباب الإوز')
  await say(ada, thread, 'الإوز يطير عند الفجر', 'The geese leave at dawn', 'האווזים עפים')
  await ada.open(thread)
  const side = (text: string) =>
    row(ada.page, text)
      .locator('.prose-message')
      .evaluate((element) => getComputedStyle(element).direction)
  expect(await side('الإوز يطير')).toBe('rtl')
  expect(await side('The geese')).toBe('ltr')
  expect(await side('האווזים')).toBe('rtl')
  const title = ada.page.getByRole('heading', { level: 1 })
  await expect(title).toHaveCSS('direction', 'rtl')
  await composer(ada.page).fill('مرحبا')
  await expect(composer(ada.page)).toHaveCSS('direction', 'rtl')
})
