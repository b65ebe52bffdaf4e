import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'
import { wentOn } from './went-on.ts'

/**
 * Nothing fails; people are taken out of threads while everyone writes, with NATS and (the second half) without it,
 * and one of them is let in again. The checker counts what they saw too much, and too little.
 */
export const somebodyRemoved: Fault = {
  name: 'removed',
  title: 'people removed while everyone writes, with NATS and without',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene()
    for (let time = 1; time <= stage.scale(10, 6); time++) {
      if (time === stage.scale(6, 4)) world.nats.kill('SIGKILL')
      await scene.removeSomebody()
      await sleep(random.between(200, 600))
      if (random.happens(0.5)) await scene.bringBackSomebody()
    }
    await sleep(1_000)
    await world.nats.start()
    const { history } = await stage.endScene(scene)
    stage.atLeast(
      'removals after which the thread went on',
      wentOn(scene.removals, history).length,
      2,
    )
  },
}
