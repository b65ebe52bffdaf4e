import { chromium, type Browser, type Page } from '@playwright/test'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../../scripts/test-tools.ts'
import type { browserStore as BrowserStoreOf } from './browser-store.ts'

/** What the page of this test has. */
declare global {
  var browserStore: typeof BrowserStoreOf
  var store: ReturnType<typeof BrowserStoreOf<number>>
  var unlock: (() => void) | undefined
}

let browser: Browser
let server: Server
let url: string

beforeAll(async () => {
  const [bundle] = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('browser-store.ts', import.meta.url)),
        formats: ['es'],
        fileName: 'store',
      },
    },
  })) as Rollup.RollupOutput[]
  const code = bundle?.output[0].code ?? ''
  const page = `<script type="module">${code}; globalThis.browserStore = browserStore</script>`
  server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const executablePath = findChromium() ?? 'chromium'
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
}, 60_000)
afterAll(async () => {
  await browser.close()
  server.close()
})

async function openTab(from?: Page): Promise<Page> {
  const context = from?.context() ?? (await browser.newContext())
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'browserStore' in globalThis)
  await page.evaluate(() => {
    globalThis.store = globalThis.browserStore<number>('bot')
  })
  return page
}

test('what one tab saved, the next one loads; two that save in turn do not overwrite each other', async () => {
  const one = await openTab()
  expect(await one.evaluate(() => globalThis.store.load())).toBeUndefined()
  await one.evaluate(() => globalThis.store.save(1))
  await one.evaluate(() => globalThis.store.save(2))
  const two = await openTab(one)
  expect(await two.evaluate(() => globalThis.store.load())).toBe(2)
  await two.evaluate(() => globalThis.store.save(3))
  const late = await one.evaluate(() =>
    globalThis.store.save(99).then(
      () => 'saved',
      (error: { reason: string }) => error.reason,
    ),
  )
  expect(late).toBe('POSITION_MOVED')
  expect(await two.evaluate(() => globalThis.store.load())).toBe(3)
})

test('one tab has the lock; the other one has it as soon as that tab is closed, and not before', async () => {
  const one = await openTab()
  const two = await openTab(one)
  const lock = (page: Page) =>
    page.evaluate(async () => {
      globalThis.unlock = await globalThis.store.lock(new AbortController().signal)
    })
  await lock(one)
  let isLocked = false
  const waiting = lock(two).then(() => {
    isLocked = true
  })
  await two.waitForTimeout(300)
  expect(isLocked).toBe(false)
  await one.close()
  await waiting
  expect(isLocked).toBe(true)
  // Who does not want to wait any longer is let go.
  const three = await openTab(two)
  const given = await three.evaluate(() =>
    globalThis.store.lock(AbortSignal.timeout(100)).then(
      () => 'locked',
      (error: Error) => error.name,
    ),
  )
  expect(given).toBe('TimeoutError')
})
