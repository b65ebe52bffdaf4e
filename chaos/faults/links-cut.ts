import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../crowd/scene.ts'
import type { Fault, Stage } from '../fault.ts'
import type { Instance } from '../parts/instance.ts'
import type { Link, Weather } from '../parts/link.ts'
import { boundHalfOpen } from './half-open.ts'

/** The network between any two parts fails in every way it knows, one link after another; one instance is spared. */
export const linksCut: Fault = {
  name: 'links',
  title: 'links cut one by one and restored in random order',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene()
    for (let round = 1; round <= stage.scale(2, 1); round++) {
      const spared = random.pick(world.instances)
      const links = linksOf(world.instances.filter((instance) => instance !== spared))
      for (const link of random.shuffle(links)) {
        cut(link, stage)
        await sleep(random.between(300, stage.scale(2_000, 800)))
      }
      await scene.removeSomebody()
      for (const link of random.shuffle(links)) {
        link.weather = { kind: 'clear' }
        await sleep(random.between(200, stage.scale(1_500, 600)))
      }
    }
    if (stage.isLong) await boundHalfOpen(stage, scene)
    const restored = Date.now()
    const back = await until(() => scene.devices.every(({ isLive }) => isLive), 35_000)
    stage.atMost('everyone is connected again', back ? Date.now() - restored : Infinity, 35_000)
    const { caughtUp } = await stage.endScene(scene)
    stage.atMost('everyone has everything after the last word', caughtUp, 5_000)
  },
}

function linksOf(instances: readonly Instance[]): Link[] {
  return instances.flatMap(({ links }) => [links.edge, links.database, links.nats])
}

function cut(link: Link, { random }: Stage): void {
  const ways: readonly (() => Weather)[] = [
    () => ({ kind: 'refused' }),
    () => ({ kind: 'stalled' }),
    () => ({ kind: 'trickle' }),
    () => ({ kind: 'slow', milliseconds: () => random.between(50, 400) }),
  ]
  link.weather = random.pick(ways)()
  // What is refused is cut, too; the others hold on to what they have.
  if (link.weather.kind === 'refused') link.reset()
}
