import { runSkein } from '../../server/testing/run-skein.ts'
import type { CastThread, Person } from '../crowd/cast.ts'
import { httpCall } from '../crowd/http-call.ts'
import { until, type Scene } from '../crowd/scene.ts'
import type { Stage } from '../fault.ts'

interface Letter {
  id: string
  type: string
  reason: string
  attempts: number
  state: 'trying' | 'waiting' | 'applied'
}

/**
 * A reaction that always throws: whoever is mentioned in one thread cannot be notified, since the table refuses it.
 * It is set aside, mentions elsewhere go on, and when the table is mended each is made up for, once.
 */
export async function boundHandler(stage: Stage, scene: Scene): Promise<void> {
  const { world } = stage
  const [poisoned, healthy] = scene.cast.threads
  if (!poisoned || !healthy) throw new Error('this takes two threads')
  await refuseNotifications(stage, poisoned.id)
  const called = [await mention(stage, poisoned, 'first'), await mention(stage, poisoned, 'second')]
  const begin = Date.now()
  const fine = await mention(stage, healthy, 'third')
  const passes = await until(async () => (await notifications(stage, [fine])) === 1, 10_000)
  stage.atMost('a mention after them arrives', passes ? Date.now() - begin : Infinity, 5_000)

  let letters: Letter[] = []
  await until(async () => {
    letters = (await deadLetters(stage, 'list', '--json')).filter(
      ({ type }) => type === 'message.posted',
    )
    return letters.length >= called.length && letters.every(({ state }) => state === 'waiting')
  }, 30_000)
  stage.exactly('set aside', letters.length, called.length)
  stage.atMost('tries of each', Math.max(...letters.map(({ attempts }) => attempts)), 5, '')
  const named = letters.filter(({ reason }) => reason.includes('chaos refuses'))
  stage.exactly('with the reason', named.length, called.length)
  stage.exactly('notified while it throws', await notifications(stage, called), 0)

  await world.postgres.run((client) => client.query('drop trigger chaos_refuses on notifications'))
  const said = []
  for (const time of ['first', 'again'])
    for (const { id } of letters) {
      const skein = runSkein(['dead-letters', 'replay', id], { DATABASE_URL: world.postgres.url })
      await skein.ended
      said.push(
        `${time}: ${skein
          .stdout()
          .trim()
          .slice(id.length + 2)}`,
      )
    }
  const wanted = ['first: applied', 'again: was applied before'].flatMap((text) =>
    called.map(() => text),
  )
  stage.exactly('replayed, and replayed again', said.join(', '), wanted.join(', '))
  stage.exactly('notified in the end', await notifications(stage, called), called.length)
}

async function refuseNotifications({ world }: Stage, threadId: string): Promise<void> {
  await world.postgres.run(async (client) => {
    await client.query(`create or replace function chaos_refuses() returns trigger language plpgsql
      as $$ begin raise exception 'chaos refuses'; end $$`)
    // An id of ours, out of the database: nothing to escape.
    await client.query(`create trigger chaos_refuses before insert on notifications
      for each row when (new.thread_id = '${threadId}') execute function chaos_refuses()`)
  })
}

/** @returns the id of a message by the owner of a thread that mentions another one in it. */
async function mention({ world }: Stage, thread: CastThread, word: string): Promise<string> {
  const { owner, members } = thread
  const other = members.find((member): member is Person => member !== owner)
  const door = world.doors.open[0]
  if (!other || !door) throw new Error('there is nobody to mention')
  const clientId = `mention.${word}.${thread.id}`
  const input = { threadId: thread.id, clientId, text: `@${other.handle} ${word}` }
  const call = { port: door.port, token: owner.token, path: 'messages.send', input }
  const { status, data } = await httpCall({ ...call, patienceMs: 5_000 })
  if (status !== 200) throw new Error(`a mention was not taken: ${String(status)}`)
  return (data as { message: { id: string } }).message.id
}

async function notifications({ world }: Stage, messageIds: readonly string[]): Promise<number> {
  const { rows } = await world.postgres.run((client) =>
    client.query<{ count: number }>(
      'select count(*)::int as count from notifications where message_id = any($1)',
      [messageIds],
    ),
  )
  return rows[0]?.count ?? 0
}

async function deadLetters({ world }: Stage, ...args: string[]): Promise<Letter[]> {
  const skein = runSkein(['dead-letters', ...args], { DATABASE_URL: world.postgres.url })
  await skein.ended
  const lines = skein.stdout().split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Letter)
}
