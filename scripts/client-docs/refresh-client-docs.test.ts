import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { events } from '../../server/events.ts'
import { refreshClientDocs } from './refresh-client-docs.ts'

const path = fileURLToPath(new URL('../../docs/client.md', import.meta.url))
let page: string
beforeAll(async () => {
  page = await readFile(path, 'utf8')
})

test('docs/client.md says what the code says; if not: node scripts/write-client-docs.ts', async () => {
  expect(await refreshClientDocs(page, path)).toBe(page)
})

test('it names every type of event', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+\.[a-z-]+)` /gm)].map(([, type]) => type)
  expect(rows.sort()).toEqual(Object.keys(events).sort())
})

test('the echo bot in it, and in the README, is the one that is tested', async () => {
  const bot = await readFile(new URL('../../examples/echo-bot.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  expect(page).toContain(bot)
  expect(readme).toContain(bot)
})

test('so are the stream by curl and its words', async () => {
  const follow = await readFile(new URL('../../examples/follow.sh', import.meta.url), 'utf8')
  expect(page).toContain(follow.slice(follow.indexOf('exec ') + 'exec '.length))
})
