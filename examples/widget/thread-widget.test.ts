import { chromium, type Browser, type Page } from '@playwright/test'
import { join } from 'node:path'
import { build, preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClientFixture, type ClientFixture } from '../../client/testing/client-fixture.ts'
import { findChromium } from '../../scripts/test-tools.ts'
import { installExamples } from '../testing/install-examples.ts'

let installed: Awaited<ReturnType<typeof installExamples>>
let site: PreviewServer
let url: string
let fixture: ClientFixture
let browser: Browser
let page: Page

beforeAll(async () => {
  installed = await installExamples()
  const root = join(installed.path, 'widget')
  await build({ root, logLevel: 'error' })
  site = await preview({ root, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } })
  url = site.resolvedUrls?.local[0] ?? ''
  // A page of another site: it lives by a token, and the server has to know its origin.
  fixture = await openClientFixture({ env: { ALLOWED_ORIGINS: new URL(url).origin } })
  const executablePath = findChromium() ?? ''
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  page = await browser.newPage()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await site.close()
  await fixture.close()
  await installed.remove()
})

const rows = () => page.getByRole('log').locator('li p').allTextContents()
const shows = (text: string) => page.getByRole('log').getByText(text).waitFor()

test('the widget shows a thread as it goes on, through a lost connection, and what is said in it once', async () => {
  const failures: string[] = []
  page.on('pageerror', (error) => failures.push(String(error)))
  await fixture.say('said before')
  await page.goto(url)
  await page.getByLabel('Server').fill(fixture.proxy.url)
  await page.getByLabel('Token').fill(fixture.token)
  await page.getByLabel('Thread').fill(fixture.threadId)
  await page.getByRole('button', { name: 'Connect' }).click()
  await shows('said before')
  const state = page.getByRole('status')
  await state.getByText('Live').waitFor()
  await fixture.say('said now')
  await shows('said now')

  const box = page.getByLabel('Message', { exact: true })
  await box.fill('from the page')
  await box.press('Enter')
  await shows('from the page')
  const sending = page.getByText('sending …')
  await sending.waitFor({ state: 'detached' })
  expect(await box.inputValue()).toBe('')

  fixture.proxy.isDown = true
  fixture.proxy.cut()
  await state.getByText('Offline').waitFor()
  await fixture.say('said meanwhile')
  await box.fill('while offline')
  await box.press('Enter')
  await sending.waitFor()
  fixture.proxy.isDown = false
  // It may come back by itself in the very moment, and takes the button away.
  const tryNow = page.getByRole('button', { name: 'Try now' })
  await Promise.race([tryNow.click(), state.getByText('Live').waitFor()])
  await state.getByText('Live').waitFor()
  await sending.waitFor({ state: 'detached' })

  const { messages } = await fixture.app.people.ada.api.messages.list({
    threadId: fixture.threadId,
  })
  const said = ['said before', 'said now', 'from the page', 'said meanwhile', 'while offline']
  expect(messages.map(({ text }) => text)).toEqual(said)
  expect(await rows()).toEqual(said)

  const [first] = messages
  if (!first) throw new Error('nothing was said')
  await fixture.app.people.ada.api.messages.edit({ messageId: first.id, text: 'said otherwise' })
  await shows('said otherwise')
  expect(await rows()).toEqual(['said otherwise', ...said.slice(1)])
  expect(failures).toEqual([])
}, 40_000)
