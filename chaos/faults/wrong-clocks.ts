import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSession } from '../crowd/session.ts'
import { httpCall } from '../crowd/http-call.ts'
import type { Fault, Stage } from '../fault.ts'
import type { Instance } from '../parts/instance.ts'

/** Debian's package faketime, by machine. */
const libraries = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`,
)

/** One instance lives an hour ahead of the others, one an hour behind; the clock of Postgres is right. */
export const wrongClocks: Fault = {
  name: 'clocks',
  title: 'one clock an hour ahead, one behind (faketime)',
  inShort: false,
  async run(stage) {
    const { world } = stage
    const library = libraries.find((path) => existsSync(path))
    if (library === undefined) throw new Error('needs libfaketime: apt-get install faketime')
    const clock = (offset: string) => ({
      LD_PRELOAD: library,
      FAKETIME: offset,
      // Timers run on the monotonic clock, which nobody sets.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    const ahead = await world.add(clock('+1h'))
    const behind = await world.add(clock('-1h'))
    try {
      stage.atLeast('ahead by', await minutesOff(ahead), 59, 'minutes')
      stage.atMost('behind by', await minutesOff(behind), -59, 'minutes')
      world.doors.open = [ahead, behind]
      const scene = await stage.openScene()
      await sleep(stage.scale(10_000, 5_000))
      await scene.removeSomebody()
      await boundSessions(stage, [ahead, behind])
      await stage.endScene(scene)
    } finally {
      for (const instance of [ahead, behind]) {
        if (instance.isRunning) await instance.stop()
        await world.remove(instance)
      }
    }
  },
}

/** By its answers' own Date. */
async function minutesOff({ port }: Instance): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/trpc/system.info`)
  await response.body?.cancel()
  return (Date.parse(response.headers.get('date') ?? '') - Date.now()) / 60_000
}

/** A session's time is the database's: it lives on both instances until then, and on neither after. */
async function boundSessions(stage: Stage, instances: readonly Instance[]): Promise<void> {
  const { postgres } = stage.world
  const { userId, cookie } = await createSession(postgres.url, 'clock-watcher')
  const statuses = async () => {
    const call = { cookie, path: 'threads.list', input: {}, method: 'GET' as const }
    const asked = instances.map(({ port }) => httpCall({ ...call, port, patienceMs: 5_000 }))
    return (await Promise.all(asked)).map(({ status }) => status).join()
  }
  const endsIn = (minutes: number) =>
    postgres.run((client) =>
      client.query(
        `update sessions set expires_at = now() + make_interval(mins => $2) where user_id = $1`,
        [userId, minutes],
      ),
    )
  stage.exactly('a new session, ahead and behind', await statuses(), '200,200')
  await endsIn(30)
  stage.exactly('a session with half an hour left', await statuses(), '200,200')
  await endsIn(-30)
  stage.exactly('a session that ended half an hour ago', await statuses(), '401,401')
}
