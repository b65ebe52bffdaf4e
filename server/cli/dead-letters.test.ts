import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { events } from '../events.ts'
import { createTestApp, type TestApp } from '../testing/test-app.ts'
import { skein } from './skein.ts'

let app: TestApp
let threadId: string
beforeAll(async () => {
  app = await createTestApp()
  threadId = (await app.people.ada.api.threads.list({})).threads[0]?.id ?? ''
})
afterAll(() => app.close())

async function run(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  vi.stubEnv('DATABASE_URL', app.database.url)
  const out: string[] = []
  const err: string[] = []
  const io = {
    out: (line: string) => void out.push(line),
    error: (line: string) => void err.push(line),
    colour: false,
    interactive: false,
  }
  const code = await skein(['dead-letters', ...args], io)
  return { code, out, err }
}

test('what could not be handled is listed with the reason, and replayed once, while instances run', async () => {
  const { message } = await app.people.ada.api.messages.send({
    threadId,
    clientId: 'called',
    text: '@ben, hello',
  })
  // As if it had come from an instance of a newer version, which has sent it again in a form of its own.
  await sql`
    with grown as (update streams set head = head + 1 where id = ${threadId} returning id, head)
    insert into events (stream_id, seq, type, version, payload)
    select id, head, 'message.edited', ${events['message.edited'].version + 1}, ${JSON.stringify({ message })}::jsonb
    from grown`.execute(app.services.db)
  const letter = await firstLetter()

  const listed = await run('list')
  expect(listed).toMatchObject({ code: 0 })
  expect(listed.out.join()).toMatch(
    new RegExp(
      `^${letter.id}  waiting, tried once  notifications ← message.edited ${threadId}:\\d+  version 2`,
    ),
  )
  expect(JSON.parse((await run('list', '--json')).out.join())).toMatchObject({
    id: letter.id,
    handler: 'notifications',
    state: 'waiting',
    reason: expect.stringMatching(/newer than this code/) as string,
  })

  const early = await run('replay', letter.id)
  expect(early.code).toBe(1)
  expect(early.err.join()).toMatch(/newer than this code/)

  await sql`update events set version = 1 where type = 'message.edited'`.execute(app.services.db)
  expect((await run('replay', '--all')).out).toEqual([`${letter.id}: applied`])
  expect((await run('replay', letter.id)).out).toEqual([`${letter.id}: was applied before`])
  expect(await run('list')).toMatchObject({ code: 0, out: [] })
  expect((await run('list', '--all')).out.join()).toContain(`${letter.id}  applied`)
})

test('a letter that is not there, and no choice of one, are said', async () => {
  expect(await run('replay', 'nonsense')).toMatchObject({
    code: 1,
    err: ['skein: there is no dead letter nonsense'],
  })
  expect(await run('replay')).toMatchObject({ code: 64 })
})

async function firstLetter() {
  for (;;) {
    const letter = await app.services.db.selectFrom('deadLetters').selectAll().executeTakeFirst()
    if (letter) return letter
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
