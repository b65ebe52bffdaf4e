import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from '../crowd/scene.ts'
import { timeToHave } from '../check/delays.ts'
import type { Fault, Stage } from '../fault.ts'
import { boundHandler } from './dead-letters.ts'
import { natsPublish } from '../parts/nats-publish.ts'

/**
 * Things on the bus that are no events, events in the log that this version does not know, as newer code beside it
 * would write them, and a reaction that always throws. What follows them must pass.
 */
export const poisonedEvents: Fault = {
  name: 'poison',
  title:
    'poisoned events: bad JSON, unknown type, newer version, 2 MB, a handler that always throws',
  inShort: false,
  isLast: true,
  async run(stage) {
    const scene = await stage.openScene()
    await sleep(1_000)
    for (let time = 1; time <= stage.scale(10, 3); time++) {
      await poisonBus(stage, scene)
      await sleep(stage.random.between(200, 600))
    }
    for (const poison of poisons) await poisonLog(stage, scene, poison)
    const poisoned = Date.now()
    await boundHandler(stage, scene)
    await sleep(1_000)
    const { history, clients, caughtUp } = await stage.endScene(scene)
    const written = history.facts.filter(({ content }) => content === 'thing.happened')
    stage.atLeast('unknown events in the log', written.length, poisons.length)
    const times = clients.map((client) =>
      timeToHave(client, history, { from: poisoned, until: poisoned + 1_000 }),
    )
    stage.atMost('what came after them has reached everyone', Math.max(...times), 5_000)
    stage.atMost('everyone has everything after the last word', caughtUp, 5_000)
  },
}

interface Poison {
  type: string
  version: number
  bytes: number
}

const poisons: readonly Poison[] = [
  { type: 'thing.happened', version: 1, bytes: 10 },
  { type: 'thing.happened', version: 99, bytes: 10 },
  { type: 'thing.happened', version: 1, bytes: 2 ** 21 },
]

async function poisonBus({ world, random }: Stage, { cast }: Scene): Promise<void> {
  const stream = random.pick(cast.threads).id
  const subject = `log.${stream}`
  const far = { stream, seq: 2 ** 40, type: 'thing.happened', version: 1, payload: {} }
  await natsPublish(world.nats.port, [
    { subject, data: '{"stream":' },
    { subject, data: '' },
    { subject, data: 'null' },
    { subject, data: '[[[[]]]]' },
    { subject, data: Buffer.from([0xff, 0x00, 0xfe, 0x01]) },
    { subject, data: JSON.stringify({ ...far, seq: -1 }) },
    { subject, data: JSON.stringify({ ...far, seq: 'many' }) },
    { subject, data: JSON.stringify(far) },
    { subject, data: JSON.stringify({ ...far, stream: 'somewhere else' }) },
    { subject: 'log', data: '{}' },
    { subject: 'hints.nothing', data: '}{' },
  ])
  const said = await natsPublish(world.nats.port, [{ subject, data: Buffer.alloc(2 ** 21, 'x') }])
  // It cuts whoever sends that much, and its words may be lost with the connection.
  if (said.includes('PONG')) throw new Error('nats-server took 2 MB')
}

/** As newer code would write it: in the stream's order, under its lock. */
async function poisonLog({ world, random }: Stage, { cast }: Scene, poison: Poison): Promise<void> {
  const stream = random.pick(cast.threads).id
  const { type, version, bytes } = poison
  await world.postgres.run((client) =>
    client.query(
      `with numbered as (update streams set head = head + 1 where id = $1 returning head)
       insert into events (stream_id, seq, xid, type, version, actor_id, payload)
       select $1, head, pg_current_xact_id(), $2, $3, null, jsonb_build_object('thing', repeat('x', $4))
       from numbered`,
      [stream, type, version, bytes],
    ),
  )
}
