import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openClientFixture, type ClientFixture } from '../client/testing/client-fixture.ts'
import { createTokenFor } from '../server/features/accounts/create-token-for.ts'
import { createUser } from '../server/features/accounts/create-user.ts'
import { until } from '../server/testing/log-fixture.ts'
import { installExamples } from './testing/install-examples.ts'
import { runProgram, type Program } from './testing/run-program.ts'

let fixture: ClientFixture
let installed: Awaited<ReturnType<typeof installExamples>>
let bot: { id: string; token: string }
const running = new Set<Program>()

beforeAll(async () => {
  ;[fixture, installed] = await Promise.all([openClientFixture(), installExamples()])
  const { services, people } = fixture.app
  const { accounts, commit } = services
  const name = 'Goose'
  const { id } = await createUser(accounts, commit, { kind: 'bot', name, handle: 'goose' })
  await people.ada.api.threads.participants.add({ threadId: fixture.threadId, userIds: [id] })
  const wanted = { name: 'its program', days: null }
  const { secret } = await commit((trx) => createTokenFor(trx, 'goose', wanted))
  bot = { id, token: secret }
}, 60_000)
afterEach(async () => {
  for (const program of running) await kill(program)
})
afterAll(async () => {
  await fixture.close()
  await installed.remove()
})

function start(
  command: readonly [string, ...string[]],
  token = bot.token,
  url = fixture.servers[0].url,
): Program {
  const program = runProgram(command, installed.path, { SKEIN_URL: url, SKEIN_TOKEN: token })
  running.add(program)
  return program
}

async function kill(program: Program): Promise<void> {
  program.child.kill('SIGKILL')
  await program.ended
  running.delete(program)
}

/** What was said in the thread, as the database has it. */
async function messages(): Promise<{ authorId: string; text: string }[]> {
  return fixture.app.services.db
    .selectFrom('messages')
    .select(['authorId', 'text'])
    .where('threadId', '=', fixture.threadId)
    .orderBy('seq')
    .execute()
}

/** Null while there is no such file. */
async function read(name: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(join(installed.path, name), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>)
}

async function untilRead<Value>(look: () => Promise<Value | null | false>): Promise<Value> {
  const giveUp = Date.now() + 15_000
  for (;;) {
    const value = await look()
    if (value !== null && value !== false) return value
    if (Date.now() > giveUp) throw new Error('it did not come about')
    await sleep(25)
  }
}

const node = process.execPath

test('the examples ask for the package as `npm run pack-client` leaves it', async () => {
  const client = JSON.parse(await readFile('client/package.json', 'utf8')) as { version: string }
  const dependencies = (await read('package.json'))?.['dependencies']
  const place = `file:../skein-client-${client.version}.tgz`
  expect(dependencies).toHaveProperty('@skein/client', place)
})

test('the echo bot has twenty lines, answers people once each, killed or not, and never itself', async () => {
  const source = await readFile(join(installed.path, 'echo-bot.ts'), 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(20)
  const echoes = async () => {
    const all = await messages()
    return all.filter(({ authorId }) => authorId === bot.id).map(({ text }) => text)
  }

  const first = start([node, 'echo-bot.ts'])
  await untilRead(() => read('echo-bot.json'))
  await fixture.say('over the lake')
  await untilRead(async () => (await echoes()).length === 1)
  await kill(first)
  // What it answered, and then could not write down.
  const { ada } = fixture.app.people
  const { threadId } = fixture
  const said = await ada.api.messages.send({ threadId, clientId: randomUUID(), text: 'twice?' })
  const { secret } = await fixture.app.services.commit((trx) =>
    createTokenFor(trx, 'goose', { name: 'by hand', days: null }),
  )
  const asBot = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const body = { threadId, clientId: `echo:${said.message.id}`, text: 'twice?' }
  const url = `${fixture.servers[0].url}/trpc/messages.send`
  const sent = await fetch(url, { method: 'POST', headers: asBot, body: JSON.stringify(body) })
  expect(sent.status).toBe(200)
  // A thread where nothing can be said any more when it comes to answer.
  const { thread } = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Short',
    participantIds: [bot.id],
  })
  await ada.api.messages.send({ threadId: thread.id, clientId: randomUUID(), text: 'too late' })
  await ada.api.threads.archive({ threadId: thread.id })

  start([node, 'echo-bot.ts'], bot.token, fixture.servers[1].url)
  await fixture.say('and back')
  await untilRead(async () => (await echoes()).includes('and back'))
  await untilRead(async () => JSON.stringify(await read('echo-bot.json')).includes(thread.id))
  expect(await echoes()).toEqual(['over the lake', 'twice?', 'and back'])
}, 40_000)

test('the echo bot answers through a proxy that put a page of its own in place of an answer', async () => {
  fixture.proxy.pages = 1
  start([node, 'echo-bot.ts'], bot.token, fixture.proxy.url)
  await fixture.say('through the wall')
  await untilRead(async () =>
    (await messages()).some(
      ({ authorId, text }) => authorId === bot.id && text === 'through the wall',
    ),
  )
  expect(fixture.proxy.pages).toBe(0)
})

test('the counting bot, killed again and again while people talk, counts every word once', async () => {
  const counts = async () => (await read('words.json'))?.['counts'] as Record<string, number> | null
  let bots = 0
  const startBot = () =>
    start([node, 'word-count-bot.ts'], fixture.token, fixture.servers[bots++ % 2]?.url)
  let program = startBot()
  await untilRead(() => read('words.json'))
  const before = (await messages()).length

  let isTalking = true
  let said = 0
  const talk = async () => {
    for (; isTalking; said++) {
      await fixture.say(`Goose ${said} follows goose number-${said % 7}.`)
      await sleep(3)
    }
  }
  const talking = talk()
  for (let round = 0; round < 6; round++) {
    const then = JSON.stringify(await counts())
    await untilRead(async () => JSON.stringify(await counts()) !== then)
    // Each time at another moment of reading, counting and writing.
    await sleep(round * 7)
    await kill(program)
    program = startBot()
  }
  isTalking = false
  await talking
  await fixture.say('lastword')
  await untilRead(async () => (await counts())?.['lastword'] === 1)

  const expected: Record<string, number> = {}
  for (const { text } of (await messages()).slice(before))
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
      expected[word] = (expected[word] ?? 0) + 1
  expect(said).toBeGreaterThan(50)
  expect(expected['goose']).toBe(2 * said)
  expect(await counts()).toEqual(expected)
}, 60_000)

test('curl alone reads the facts as they happen, and goes on from where it was', async () => {
  const first = start(['sh', 'follow.sh'], fixture.token)
  await until(() => first.said().includes('"events":[]'), 5_000, 'the first item')
  await fixture.say('to curl')
  await until(() => first.said().includes('"text":"to curl"'), 5_000, 'the message')
  await kill(first)
  await fixture.say('while curl was away')
  const cursor = [...first.said().matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''
  const second = start(['sh', 'follow.sh', cursor], fixture.token)
  await until(() => second.said().includes('while curl was away'), 5_000, 'what was missed')

  const refused = start(['sh', 'follow.sh'], 'skein_nonsense')
  expect(await refused.ended).toBe(0)
  expect(refused.said()).toContain('event: serialized-error')
  expect(refused.said()).toContain('"reason":"TOKEN_REFUSED"')
})
