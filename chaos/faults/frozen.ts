import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../fault.ts'

/**
 * A part stops in the middle of what it does, as a machine that hangs, and goes on later as if nothing had been.
 * People are removed before, during and after, so that what it held back would show.
 */
export const frozen: Fault = {
  name: 'frozen',
  title: 'SIGSTOP 30 s of an instance, NATS, Postgres in turn',
  inShort: false,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene()
    const freezeMs = stage.scale(30_000, 5_000)
    await sleep(random.between(500, 1_500))

    const instance = random.pick(world.instances)
    instance.signal('SIGSTOP')
    world.openDoors([instance])
    await sleep(1_000)
    await scene.removeSomebody()
    await scene.removeSomebody()
    await sleep(freezeMs)
    instance.signal('SIGCONT')
    world.openDoors()
    await sleep(2_000)

    world.nats.kill('SIGSTOP')
    await scene.removeSomebody()
    await sleep(freezeMs / 2)
    await scene.removeSomebody()
    await sleep(freezeMs / 2)
    world.nats.kill('SIGCONT')
    await sleep(2_000)

    await world.postgres.signal('SIGSTOP')
    // Asked for while nothing can be written; done when it can.
    const removed = scene.removeSomebody()
    await sleep(freezeMs)
    await world.postgres.signal('SIGCONT')
    const returned = Date.now()
    await removed
    stage.atMost('the first change after Postgres goes on', Date.now() - returned, 10_000)
    await sleep(2_000)

    const { caughtUp } = await stage.endScene(scene)
    stage.atMost('everyone has everything after the last word', caughtUp, 10_000)
    stage.exactly('people removed meanwhile', scene.removals.length, 5)
  },
}
