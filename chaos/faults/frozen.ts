import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from '../crowd/device.ts'
import { trusting } from '../crowd/habits.ts'
import type { Scene } from '../crowd/scene.ts'
import type { Fault, Stage } from '../fault.ts'
import { wentOn } from './went-on.ts'

/** An instance that stood still, and the lines over which it was heard again. */
interface Thaw {
  at: number
  lines: { device: Device; number: number }[]
}

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

    const thaw = await freezeInstance(stage, scene, freezeMs)
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

    const { history, caughtUp } = await stage.endScene(scene)
    stage.atMost('everyone has everything after the last word', caughtUp, 10_000)
    const meanwhile = wentOn(scene.removals.slice(0, 2), history, thaw.at)
    stage.exactly('threads that went on without them while it stood still', meanwhile.length, 2)
    stage.atLeast('facts that it brought those removed when it went on', factsSince(thaw), 1)
    const later = wentOn(scene.removals, history)
    stage.exactly('removals after which the thread went on', later.length, 5)
  },
}

/** Every second device on it stays there, so that there is somebody to whom it could say what it held back. */
async function freezeInstance(stage: Stage, scene: Scene, freezeMs: number): Promise<Thaw> {
  const { world, random } = stage
  const instance = random.pick(world.instances)
  const waiting = scene.devicesAt(instance.name).filter((_, index) => index % 2 === 0)
  for (const device of waiting) device.habits = trusting
  const lineOf = (device: Device) => device.connections.at(-1)?.number ?? 0
  const lines = waiting.map((device) => ({ device, number: lineOf(device) }))
  const isWaiting = ({ id }: { id: string }) => waiting.some(({ person }) => person.id === id)

  instance.signal('SIGSTOP')
  world.openDoors([instance])
  await sleep(1_000)
  await scene.removeSomebody(isWaiting)
  await scene.removeSomebody(isWaiting)
  await sleep(freezeMs)
  const ofRemoved = lines.filter(
    ({ device, number }) =>
      device.door === instance.name &&
      lineOf(device) === number &&
      scene.removals.some(({ person }) => person === device.person),
  )
  const connected = scene.removals.filter(({ person }) =>
    ofRemoved.some(({ device }) => device.person === person),
  )
  stage.exactly('removed meanwhile and on it still when it goes on', connected.length, 2)
  const at = Date.now()
  instance.signal('SIGCONT')
  world.openDoors()
  return { at, lines: ofRemoved }
}

function factsSince({ at, lines }: Thaw): number {
  return lines.reduce((sum, { device, number }) => {
    const { sights } = device.record
    return sum + sights.filter((sight) => sight.connection === number && sight.at > at).length
  }, 0)
}
