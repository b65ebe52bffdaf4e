import { setTimeout as sleep } from 'node:timers/promises'
import { deliveriesOf, percentile, timeToHave } from '../check/delays.ts'
import type { Fault } from '../fault.ts'

/**
 * The doorbell is gone: it is killed, stays away, and comes back knowing nothing (core NATS keeps nothing, and the
 * process is a new one).
 */
export const natsGone: Fault = {
  name: 'nats',
  title: 'NATS killed; gone for 60 s; back with an empty store',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene()
    await sleep(random.between(1_000, 2_000))
    const from = Date.now()
    world.nats.kill('SIGKILL')
    await sleep(stage.scale(30_000, 3_000))
    await scene.removeSomebody()
    await sleep(stage.scale(30_000, 3_000))
    const until = Date.now()
    await world.nats.start()
    await sleep(stage.scale(5_000, 1_500))
    const { history, clients, sends, caughtUp } = await stage.endScene(scene)
    const meanwhile = deliveriesOf(history, clients)
      .filter(({ committedAt }) => committedAt >= from && committedAt <= until)
      .map(({ delay }) => delay)
    const failed = sends.filter(({ attempts }) => attempts.some(({ outcome }) => outcome !== 'ok'))
    stage.atLeast('deliveries meanwhile', meanwhile.length, 100)
    stage.exactly('sends that failed at any try', failed.length, 0)
    stage.atMost('delivery meanwhile, p50', percentile(meanwhile, 0.5), 2_000)
    stage.atMost('delivery meanwhile, slowest', percentile(meanwhile, 1), 2_000)
    const late = clients.map((client) => timeToHave(client, history, { from: until, until }))
    stage.atMost('everyone has everything after its return', Math.max(...late), 5_000)
    stage.atMost('everyone has everything after the last word', caughtUp, 5_000)
    for (const instance of world.instances)
      stage.exactly(
        `${instance.name} hears NATS again`,
        await instance.metric('skein_nats_connected'),
        1,
      )
  },
}
