import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Message, SkeinEvent } from '../../client/index.ts'
import { openClientFixture, type ClientFixture } from '../../client/testing/client-fixture.ts'
import { nodeFlags } from '../node-flags.ts'
import { runSkein, type SkeinProcess } from '../testing/run-skein.ts'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { skein } from './skein.ts'

let fixture: ClientFixture
let folder: Awaited<ReturnType<typeof makeTempFolder>>
const running = new Set<SkeinProcess>()

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterAll(() => fixture.close())
beforeEach(async () => {
  folder = await makeTempFolder()
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  running.clear()
  Object.assign(fixture.proxy, { isDown: false, lostAnswers: 0 })
  await folder.remove()
})

function start(args: readonly string[], stdin = ''): SkeinProcess {
  const env = { SKEIN_URL: fixture.proxy.url, SKEIN_TOKEN: fixture.token }
  const process = runSkein(args, env, stdin)
  running.add(process)
  return process
}

/** It ran to its end. */
async function run(args: readonly string[], stdin = '') {
  const process = start(args, stdin)
  const code = await process.ended
  return { code, out: process.stdout(), error: process.stderr() }
}

async function texts(): Promise<string[]> {
  const { messages } = await fixture.app.people.ada.api.messages.list({
    threadId: fixture.threadId,
  })
  return messages.map(({ text }) => text)
}

test('tail tells each fact of a thread as a line of JSON, through a lost connection and from one tail to the next', async () => {
  const state = join(folder.path, 'position.json')
  const args = ['tail', '--json', '--thread', fixture.threadId, '--state', state]
  const first = start(args)
  await said(first, /live/)
  await fixture.say('one')
  await first.said(/"text":"one"/)
  // Another thread is not told of.
  await fixture.app.people.ben.api.people.updateProfile({ title: 'Poet' })
  fixture.proxy.isDown = true
  fixture.proxy.cut()
  await said(first, /offline/)
  await fixture.say('two')
  fixture.proxy.isDown = false
  await first.said(/"text":"two"/)
  await until(async () => (await readFile(state, 'utf8')).includes(fixture.threadId))
  first.child.kill('SIGINT')
  expect(await first.ended).toBe(0)

  await fixture.say('three')
  const second = start(args)
  await second.said(/"text":"three"/)
  second.child.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  const lines = (first.stdout() + second.stdout()).trimEnd().split('\n')
  const events = lines.map((line) => JSON.parse(line) as SkeinEvent)
  expect(
    events.map((event) => event.type === 'message.posted' && event.payload.message.text),
  ).toEqual(['one', 'two', 'three'])
}, 40_000)

test('tail without a file says from which cursor to go on, and ends when nobody reads any more', async () => {
  const first = start(['tail'])
  await said(first, /live/)
  await fixture.say('four')
  await first.said(/message\.posted .*@ada: "four"/)
  first.child.kill('SIGINT')
  expect(await first.ended).toBe(0)
  const [, cursor = ''] = /--from (\S+)/.exec(first.stderr()) ?? []

  await fixture.say('five')
  const second = start(['tail', '--from', cursor])
  await second.said(/"five"/)
  second.child.stdout?.destroy()
  await fixture.say('six')
  expect(await second.ended).toBe(0)
}, 40_000)

test.runIf(existsSync('/dev/full'))(
  'tail whose lines cannot be written says so and fails; nobody takes that for an end',
  async () => {
    const full = openSync('/dev/full', 'w')
    const tail = spawn(process.execPath, [...nodeFlags, 'server/main.ts', 'tail'], {
      env: {
        NODE_ENV: 'development',
        SKEIN_URL: fixture.proxy.url,
        SKEIN_TOKEN: fixture.token,
      },
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)
    let error = ''
    tail.stderr?.on('data', (chunk: Buffer) => {
      error += chunk.toString()
    })
    const ended = once(tail, 'close')
    await until(async () => error.includes('live'))
    await fixture.say('for nobody')
    expect(await ended).toEqual([1, null])
    expect(error).toMatch(/^skein: .*no space left on device/m)
  },
  40_000,
)

test('tail begins with no file that keeps something else, and leaves it as it is', async () => {
  const state = join(folder.path, 'package.json')
  await writeFile(state, '{"a":1}')
  const tail = start(['tail', '--state', state])
  await Promise.race([tail.ended, said(tail, /live/)])
  tail.child.kill('SIGINT')
  expect(await tail.ended).toBe(1)
  expect(tail.stderr()).toContain(`skein: ${state}: `)
  expect(await readFile(state, 'utf8')).toBe('{"a":1}')
}, 40_000)

test('send says it once, though the answer got lost, and once for one client id', async () => {
  const args = ['send', '--thread', fixture.threadId]
  const same = [...args, '--client-id', 'once:1', '--json']
  // Of one of the three.
  fixture.proxy.lostAnswers = 1
  const [plain, piped, again] = await Promise.all([
    run([...args, '--text', 'seven']),
    run(same, 'eight\nand nine\n'),
    run(same, 'eight\nand nine\n'),
  ])
  expect(plain).toMatchObject({ code: 0, error: '' })
  expect(plain.out).toContain(fixture.threadId)
  expect(piped).toMatchObject({ code: 0, error: '' })
  expect(again).toEqual(piped)
  expect(fixture.proxy.lostAnswers).toBe(0)
  const message = JSON.parse(piped.out) as Message
  expect(message).toMatchObject({ text: 'eight\nand nine', author: { handle: 'ben' } })
  const all = await texts()
  expect(all.filter((text) => text === 'seven')).toHaveLength(1)
  expect(all.filter((text) => text.startsWith('eight'))).toHaveLength(1)
}, 40_000)

const nowhere = '00000000-0000-4000-8000-000000000000'
test.each<[string[], Record<string, string>, number, string]>([
  [['tail'], { SKEIN_TOKEN: '' }, 64, 'skein: a token is needed, in SKEIN_TOKEN'],
  [['tail'], { SKEIN_TOKEN: 'skein_nonsense' }, 1, 'token'],
  [['tail', '--from', 'nonsense'], {}, 1, 'begin without --from'],
  [['tail', '--thread', 'general'], {}, 64, 'skein: --thread: '],
  [['tail', '--url', 'ftp://example.org'], {}, 64, 'skein: --url: '],
  [
    ['tail', '--state', '/nowhere/at/all'],
    {},
    64,
    'skein: --state: there is no folder /nowhere/at',
  ],
  [['tail', '--state', 'README.md'], {}, 1, 'skein: README.md: Unexpected token'],
  [['send', '--text', 'x', '--thread', nowhere], {}, 1, 'skein: There is no such thread'],
  [['send', '--text', ' ', '--thread', nowhere], {}, 64, 'skein: --text: a message needs text'],
  [['send', '--thread', nowhere, '--client-id', 'ä', '--text', 'x'], {}, 64, '--client-id: '],
  [['send', '--thread', nowhere, '--timeout', 'long', '--text', 'x'], {}, 64, '--timeout: '],
  [
    ['send', '--thread', nowhere, '--timeout', '0.3', '--text', 'x', '--client-id', 'y'],
    { SKEIN_URL: 'http://127.0.0.1:1' },
    1,
    'is not known. Send it again with clientId y.',
  ],
])('%j with %j says in one line what is wrong', async (args, env, code, words) => {
  const variables = { SKEIN_URL: fixture.proxy.url, SKEIN_TOKEN: fixture.token, ...env }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  const out: string[] = []
  const errors: string[] = []
  const ended = await skein(args, {
    out: (line) => void out.push(line),
    error: (line) => void errors.push(line),
    colour: false,
    interactive: false,
  })
  expect([ended, out, errors]).toEqual([code, [], [expect.stringContaining(words)]])
})

async function said({ child, stderr }: SkeinProcess, pattern: RegExp): Promise<void> {
  while (!pattern.test(stderr())) {
    if (!child.stderr) throw new Error('no stderr')
    await once(child.stderr, 'data')
  }
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}
