import { httpCall } from '../crowd/http-call.ts'
import { asClient } from '../crowd/habits.ts'
import { until, type Scene } from '../crowd/scene.ts'
import type { Stage } from '../fault.ts'
import type { Instance } from '../parts/instance.ts'

/** How soon a connection whose other end is silently gone must be noticed. */
const noticedMs = 35_000

/**
 * Both ends of every connection of one instance go silent without a word, one side of it after another: people's, the
 * database's, NATS's.
 */
export async function boundHalfOpen(stage: Stage, scene: Scene): Promise<void> {
  const { world, random } = stage
  // Those whose links were cut before may have nobody left.
  const victim = random.pick(world.instances.filter(({ name }) => scene.devicesAt(name).length > 0))
  const { edge, database, nats } = victim.links

  world.openDoors([victim])
  const devices = scene.devicesAt(victim.name)
  stage.atLeast('half-open: people whose line it is', devices.length, 1)
  for (const device of scene.devices) device.habits = asClient
  const from = Date.now()
  edge.weather = { kind: 'half-open' }
  // Nobody new comes in here: those it still counts are gone.
  const haveNoticed = await until(
    () => devices.every(({ door }) => door !== victim.name),
    noticedMs,
  )
  const noticed = haveNoticed ? Date.now() - from : Infinity
  stage.atMost('half-open: people notice', noticed, noticedMs)
  const isNoticed = async () => (await victim.metric('skein_sockets')) === 0
  const haveGone = await until(isNoticed, from + noticedMs + 5_000 - Date.now())
  const took = haveGone ? Date.now() - from : Infinity
  stage.atMost('half-open: the instance notices that people are gone', took, noticedMs)
  edge.weather = { kind: 'clear' }
  world.openDoors()

  database.weather = { kind: 'half-open' }
  database.weather = { kind: 'clear' }
  const served = await timeUntilServed(victim, scene)
  stage.atMost('half-open to Postgres: it serves again', served, noticedMs)

  const away = Date.now()
  nats.weather = { kind: 'half-open' }
  const isGone = async () => (await victim.metric('skein_nats_connected')) === 0
  const gone = (await until(isGone, noticedMs)) ? Date.now() - away : Infinity
  stage.atMost('half-open to NATS: it notices', gone, noticedMs)
  nats.weather = { kind: 'clear' }
}

async function timeUntilServed({ port }: Instance, { cast }: Scene): Promise<number> {
  const [person] = cast.people
  if (!person) throw new Error('there is nobody')
  const begin = Date.now()
  const call = {
    port,
    token: person.token,
    path: 'threads.list',
    input: {},
    method: 'GET' as const,
  }
  // Several at once, so that more than one connection of the pool is tried.
  const isServed = async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => httpCall({ ...call, patienceMs: 3_000 })),
    )
    return answers.every(({ status }) => status === 200)
  }
  return (await until(isServed, noticedMs + 5_000)) ? Date.now() - begin : Infinity
}
