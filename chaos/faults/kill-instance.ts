import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '../check/delays.ts'
import { crowdFrom } from '../../server/features/messages/create-postbox.ts'
import { asClient } from '../crowd/habits.ts'
import { until } from '../crowd/scene.ts'
import type { Fault } from '../fault.ts'
import { backTimes, type Cut } from './back-times.ts'

/** Everyone is back by then, or it counts as it is. */
const backPatienceMs = 15_000
/** Of these each instance has more than a crowd, which is posted in a way of its own. */
const shouted = 600

/**
 * An instance dies without a goodbye, amid a crowd that speaks all at once, and comes back a little later; its clients go to
 * the others, and send again what they have no answer to.
 */
export const killInstance: Fault = {
  name: 'kill',
  title: '`kill -9` an instance, ten times',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const scene = await stage.openScene(stage.isLong ? { habits: asClient } : {})
    const begunAt = new Date()
    const cuts: Cut[] = []
    for (let time = 1; time <= stage.scale(10, 2); time++) {
      await sleep(random.between(500, 1_500))
      const victim = random.pick(world.instances)
      scene.load.shout(shouted)
      await sleep(random.between(20, 100))
      const devices = scene.devicesAt(victim.name)
      cuts.push({ at: Date.now(), devices })
      await victim.kill()
      await scene.removeSomebody()
      await sleep(random.between(300, 2_000))
      await victim.start()
      // Each time is measured by itself: whoever is cut again on the way back would count for both.
      await until(() => scene.devices.every(({ isLive }) => isLive), backPatienceMs)
    }
    const { history } = await stage.endScene(scene)
    const { rows } = await world.postgres.run((client) =>
      client.query<{ most: number }>(
        `select coalesce(max(messages), 0)::int as most from (
           select count(*) as messages from events where type = 'message.posted' and at >= $1 group by xid
         ) commits`,
        [begunAt],
      ),
    )
    const times = backTimes(cuts, history)
    stage.atLeast('messages in the largest commit', rows[0]?.most ?? 0, crowdFrom)
    stage.atLeast('connections that were cut', times.length, 1)
    stage.atMost('its clients have all, p99', percentile(times, 0.99), 5_000)
  },
}
