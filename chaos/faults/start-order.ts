import { setTimeout as sleep } from 'node:timers/promises'
import { runSkein } from '../../server/testing/run-skein.ts'
import { until } from '../crowd/scene.ts'
import type { Fault, Stage } from '../fault.ts'
import { findFreePort } from '../../server/testing/free-port.ts'
import type { Instance } from '../parts/instance.ts'

/** An instance is there before what it needs; then one of code that is older, and one that is newer, than the schema. */
export const startOrder: Fault = {
  name: 'start',
  title: 'instance started before Postgres and NATS; wrong schema version',
  inShort: false,
  async run(stage) {
    await boundEarlyStart(stage)
    await boundSchema(stage)
  },
}

async function boundEarlyStart(stage: Stage): Promise<void> {
  const { world } = stage
  const early = await world.prepare()
  const { database, nats } = early.links
  for (const link of [database, nats]) link.weather = { kind: 'refused' }
  const opsUrl = await launch(early, {})
  const waits = await untilSaid(early, opsUrl, /the database is not there yet/)
  stage.exactly('without Postgres: not ready, and says why', waits, 503)
  await sleep(2_000)

  database.weather = { kind: 'clear' }
  const joined = Date.now()
  const ready = await untilSaid(early, opsUrl, /"ready":true/)
  stage.exactly('Postgres came: ready by itself', ready, 200)
  stage.atMost('Postgres came: ready within', Date.now() - joined, 10_000)
  nats.weather = { kind: 'clear' }
  const hears = async () => (await early.metric('skein_nats_connected')) === 1
  stage.exactly('NATS came: heard by itself', await until(hears, 10_000).then(String), 'true')

  // It takes part: people write through it and read through the others.
  world.instances.push(early)
  world.openDoors()
  const scene = await stage.openScene()
  await sleep(5_000)
  await scene.removeSomebody()
  const here = scene.devicesAt(early.name).length
  await stage.endScene(scene)
  stage.atLeast('people on it', here, 1)
  await early.stop()
  await world.remove(early)
}

async function boundSchema(stage: Stage): Promise<void> {
  const { world } = stage
  const name = `chaos_${Date.now()}`
  await world.postgres.run((client) => client.query(`create database ${name}`))
  const waiting = await world.prepare()
  const url = new URL(world.postgres.urlThrough(waiting.links.database))
  url.pathname = name
  const opsUrl = await launch(waiting, { DATABASE_URL: url.href, MIGRATE_ON_START: 'false' })
  const waits = await untilSaid(waiting, opsUrl, /run skein migrate/)
  stage.exactly('older schema: not ready, and says what to do', waits, 503)
  const migrated = await runSkein(['migrate'], { DATABASE_URL: url.href }).ended
  stage.exactly('skein migrate ends with', migrated, 0)
  const ready = await untilSaid(waiting, opsUrl, /"ready":true/)
  stage.exactly('schema came: ready by itself', ready, 200)
  await waiting.stop()

  await world.postgres.runIn(name, (client) =>
    client.query(`insert into kysely_migration (name, timestamp) values ('9999-later', '')`),
  )
  const refused = runSkein(['serve'], { NODE_ENV: 'production', DATABASE_URL: url.href })
  stage.exactly('newer schema: refused, ends with', await refused.ended, 1)
  const saysWhy = /start the newer version/.test(refused.stderr())
  stage.exactly('newer schema: says why', String(saysWhy), 'true')
  await waiting.close()
}

/** Starts it with an operations port that is known before it is ready. */
async function launch(instance: Instance, env: Record<string, string>): Promise<string> {
  const port = await findFreePort()
  const opsUrl = `http://127.0.0.1:${port}`
  // Should it end instead of waiting, that is counted among the deaths.
  instance.start({ ...env, OPS_PORT: String(port) }).catch(() => undefined)
  return opsUrl
}

/** @returns the status with which /readyz said this at last; 0 when it never did. */
async function untilSaid(instance: Instance, opsUrl: string, words: RegExp): Promise<number> {
  let status = 0
  await until(async () => {
    const answer = await instance.readiness(opsUrl).catch(() => null)
    if (!answer || !words.test(answer.text)) return false
    status = answer.status
    return true
  }, 20_000)
  return status
}
