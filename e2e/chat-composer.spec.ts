import type { Page } from '@playwright/test'
import { composer, expect, row, say, startThread, test, texts, write } from './fixtures.ts'

test('Enter sends, Shift+Enter does not, and an input method keeps its Enter', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'keys')
  await ada.open(thread)
  const field = composer(ada.page)
  await expect(field).toBeFocused()
  await ada.page.keyboard.press('Enter')
  await ada.page.keyboard.type('one')
  await ada.page.keyboard.press('Shift+Enter')
  await ada.page.keyboard.type('two')
  await expect(field).toHaveValue('one\ntwo')
  await expect(texts(ada.page)).toHaveCount(0)
  await ada.page.keyboard.press('Enter')
  await expect(field).toHaveValue('')
  await expect(texts(ada.page)).toHaveText(['onetwo'])
  await expect(texts(ada.page).locator('br')).toHaveCount(1)

  // A Japanese keyboard while it offers characters.
  const devtools = await ada.context.newCDPSession(ada.page)
  await devtools.send('Input.imeSetComposition', {
    text: 'かり',
    selectionStart: 2,
    selectionEnd: 2,
  })
  await expect(field).toHaveValue('かり')
  // The browser tells the page of the Enter that chooses, too.
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }
  await devtools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
  await expect(field).toHaveValue('かり')
  await expect(texts(ada.page)).toHaveCount(1)
  await devtools.send('Input.insertText', { text: '雁' })
  await expect(field).toHaveValue('雁')
  await ada.page.keyboard.press('Enter')
  await expect(texts(ada.page)).toHaveText(['onetwo', '雁'])
})

test('a draft waits in its thread, over a change of place and a reload', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const here = await startThread(ada, 'here')
  const there = await startThread(ada, 'there')
  await ada.open(here)
  await composer(ada.page).fill('half a thought')
  await ada.page.locator(`[data-thread-link="${there.id}"]`).click()
  await expect(composer(ada.page)).toHaveAccessibleName('Message to there')
  await expect(composer(ada.page)).toHaveValue('')
  await ada.page.locator(`[data-thread-link="${here.id}"]`).click()
  await expect(composer(ada.page)).toHaveValue('half a thought')
  await ada.page.reload()
  await expect(composer(ada.page)).toHaveValue('half a thought')
  await composer(ada.page).press('Enter')
  await expect(texts(ada.page)).toHaveText(['half a thought'])
  await ada.page.reload()
  await expect(texts(ada.page)).toHaveText(['half a thought'])
  await expect(composer(ada.page)).toHaveValue('')
})

test('the up arrow takes up my last message, Escape leaves it as it was', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'again', [ben])
  await say(ada, thread, 'mine, earlier', 'mine, last')
  await say(ben, thread, 'his')
  await ada.open(thread)
  await composer(ada.page).press('ArrowUp')
  const edit = ada.page.getByRole('textbox', { name: 'Edit message' })
  await expect(edit).toBeFocused()
  await expect(edit).toHaveValue('mine, last')
  await edit.fill('something else')
  await ada.page.keyboard.press('Escape')
  await expect(row(ada.page, 'mine, last')).toBeVisible()
  await expect(composer(ada.page)).toBeFocused()
  await ada.page.keyboard.press('ArrowUp')
  await edit.fill('mine, mended')
  await ada.page.keyboard.press('Enter')
  await expect(texts(ada.page)).toHaveText(['mine, earlier', 'mine, mended', 'his'])
  await expect(composer(ada.page)).toBeFocused()
})

test('marks and links are made by keys and by pasting, and undone as typed', async ({ arrive }) => {
  const ada = await arrive('Ada', { permissions: ['clipboard-read', 'clipboard-write'] })
  const thread = await startThread(ada, 'marks')
  await ada.open(thread)
  const field = composer(ada.page)
  await field.fill('read the guide today')
  const select = (start: number, end: number) =>
    field.evaluate((area: HTMLTextAreaElement, at) => area.setSelectionRange(...at), [
      start,
      end,
    ] as const)
  await select(0, 4)
  await ada.page.keyboard.press('ControlOrMeta+b')
  await expect(field).toHaveValue('**read** the guide today')
  await ada.page.keyboard.press('ControlOrMeta+z')
  await expect(field).toHaveValue('read the guide today')

  await select(9, 14)
  await ada.page.evaluate(() => navigator.clipboard.writeText('https://example.org/guide'))
  await ada.page.keyboard.press('ControlOrMeta+v')
  await expect(field).toHaveValue('read the [guide](https://example.org/guide) today')
  await ada.page.keyboard.press('Enter')
  const link = row(ada.page, 'read the').getByRole('link', { name: 'guide' })
  await expect(link).toHaveAttribute('href', 'https://example.org/guide')
  await expect(link).toHaveAttribute('rel', /noopener/)
})

test('a message that is too long is named before it is sent, and kept', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'long')
  await ada.open(thread)
  await write(ada.page, 'x'.repeat(10_001))
  await expect(ada.page.getByText('1 character too long')).toBeVisible()
  await expect(composer(ada.page)).toHaveValue(/^x{10001}$/)
  await expect(texts(ada.page)).toHaveCount(0)
  await ada.page.keyboard.press('Backspace')
  await expect(ada.page.getByText('too long')).toHaveCount(0)
  await ada.page.keyboard.press('Enter')
  await expect(texts(ada.page)).toHaveText(['x'.repeat(10_000)])
})

const alone = { tag: '@alone' }

/**
 * Milliseconds from the next press of `key` to the frame that shows the message which ends with `text`. Without one, to
 * the frame that shows a bare node: as quick as this machine is at this moment, whatever the app does.
 */
function timeToPaint(page: Page, key: string, text: string | null): Promise<number> {
  return page.evaluate(
    ([key, text]) =>
      new Promise<number>((resolve) => {
        const pressed = (event: KeyboardEvent) => {
          if (event.key !== key) return
          // After the frame that shows it.
          const shown = () =>
            requestAnimationFrame(() =>
              setTimeout(() => resolve(performance.now() - event.timeStamp)),
            )
          if (text === null) {
            document.body.append(document.createElement('i'))
            shown()
            return
          }
          const observer = new MutationObserver(() => {
            const last = [...document.querySelectorAll('[data-message]')].at(-1)
            if (!last?.textContent?.endsWith(text)) return
            observer.disconnect()
            shown()
          })
          observer.observe(document.body, { childList: true, subtree: true })
        }
        window.addEventListener('keydown', pressed, { once: true, capture: true })
      }),
    [key, text] as const,
  )
}

const median = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity

test(
  'my message is on screen within 50 ms of Enter, on a line like 3G',
  alone,
  async ({ arrive }) => {
    const ada = await arrive('Ada')
    const thread = await startThread(ada, 'fast')
    await say(ada, thread, ...Array.from({ length: 60 }, (_, index) => `earlier ${index}`))
    await ada.open(thread)
    const devtools = await ada.context.newCDPSession(ada.page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 400,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    })
    const delays: number[] = []
    const bare: number[] = []
    const field = composer(ada.page)
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      const bareOne = timeToPaint(ada.page, 'Shift', null)
      await field.fill(text)
      await field.press('Shift')
      bare.push(await bareOne)
      const painted = timeToPaint(ada.page, 'Enter', text)
      await field.focus()
      await field.press('Enter')
      delays.push(await painted)
    }
    const description = `${delays.join(', ')}; a bare node: ${bare.join(', ')}`
    test.info().annotations.push({ type: 'painted after ms', description })
    expect(median(delays)).toBeLessThanOrEqual(Math.max(50, 3 * median(bare)))
    // However slow the machine is: it did not wait for the line.
    expect(median(delays)).toBeLessThan(300)
  },
)
