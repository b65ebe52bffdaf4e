import { setTimeout as sleep } from 'node:timers/promises'
import { check } from '../check/check.ts'
import { until } from '../crowd/scene.ts'
import { Load } from '../crowd/load.ts'
import type { Fault } from '../fault.ts'
import type { ChaosPostgres } from '../parts/chaos-postgres.ts'

/** How soon everyone must have been told, on connections that stay open. */
const toldMs = 35_000

/**
 * The database is put back to what it was a while ago, as a whole, while instances run and clients stay connected.
 * The numbers that were given since are given again, to other facts: whoever is not told would take one for the other.
 */
export const restoredBackup: Fault = {
  name: 'restore',
  title: 'restore of an older backup while clients stay open',
  inShort: false,
  isLast: true,
  async run(stage) {
    const { world } = stage
    const { postgres } = world
    const first = await stage.openScene()
    await sleep(3_000)
    first.load.pause()
    await sleep(1_000)
    await postgres.stop('cleanly')
    await postgres.keepCopy()
    await postgres.start()
    first.load.resume()
    await sleep(stage.scale(8_000, 5_000))
    await first.load.stop()
    await first.settle()
    const before = await first.readHistory()
    const epoch = await readEpoch(postgres)

    await postgres.stop('cleanly')
    await postgres.putBackCopy()
    await postgres.start()
    const restored = Date.now()
    // The very same people write at once: their messages get numbers that were given before.
    const early = new Load({
      ...{ name: 'early', threads: first.cast.threads, devicesOf: () => [], overSocket: 0 },
      ...{ doors: world.doors, random: stage.random.fork('early'), messagesPerSecond: 20 },
    })
    const areTold = await until(
      () => first.devices.every(({ resets }) => resets.length > 0),
      toldMs,
    )
    stage.atMost('everyone was told', areTold ? Date.now() - restored : Infinity, toldMs)
    await early.stop()
    for (const device of first.devices) device.stop()
    const reasons = new Set(first.devices.flatMap(({ resets }) => resets))
    stage.exactly('everyone was told by the name', [...reasons].join(), 'CURSOR_EPOCH')
    stage.exactly('the epoch is another one', String((await readEpoch(postgres)) !== epoch), 'true')

    // What the first ones saw belongs to the history that was, whole, and to no other.
    const defects = check(
      before,
      first.devices.map(({ record }) => record),
      first.load.sends,
    )
    const example = defects[0]?.detail ?? 'nothing'
    stage.exactly(
      'seen by those who were there before, and not of that history',
      example,
      'nothing',
    )
    const second = await stage.openScene({}, first.cast)
    await sleep(3_000)
    const { history } = await stage.endScene(second)
    stage.exactly('lost of what was written at once', check(history, [], early.sends).length, 0)
    const heads = new Map(before.facts.map(({ stream, seq }) => [stream, seq]))
    const contents = new Map(
      before.facts.map((fact) => [`${fact.stream}#${fact.seq}`, fact.content]),
    )
    const reused = history.facts.filter(({ stream, seq, content }) => {
      const old = contents.get(`${stream}#${seq}`)
      return seq <= (heads.get(stream) ?? 0) && old !== undefined && old !== content
    })
    stage.atLeast('numbers that were given twice', reused.length, 10)
  },
}

async function readEpoch(postgres: ChaosPostgres): Promise<string> {
  const { rows } = await postgres.run((client) =>
    client.query<{ epoch: string }>('select epoch from server'),
  )
  return rows[0]?.epoch ?? ''
}
