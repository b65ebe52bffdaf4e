import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../check/delays.ts'
import type { Fault } from '../fault.ts'
import { backTimes, type Cut } from './back-times.ts'

/** An instance dies without a goodbye, and comes back a little later; its clients go to the others. */
export const killInstance: Fault = {
  name: 'kill',
  title: '`kill -9` an instance, ten times',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene()
    const cuts: Cut[] = []
    for (let time = 1; time <= stage.scale(10, 2); time++) {
      await sleep(random.between(500, 1_500))
      const victim = random.pick(world.instances)
      const devices = scene.devicesAt(victim.name)
      cuts.push({ at: Date.now(), devices })
      await victim.kill()
      await scene.removeSomebody()
      await sleep(random.between(300, 2_000))
      await victim.start()
      await sleep(stage.scale(1_500, 0))
    }
    const { history } = await stage.endScene(scene)
    const times = backTimes(cuts, history)
    stage.atLeast('connections that were cut', times.length, 1)
    stage.atMost('its clients have all, p99', percentile(times, 0.99), 5_000)
  },
}
