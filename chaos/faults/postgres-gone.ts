import { setTimeout as sleep } from 'node:timers/promises'
import type { Send } from '../check/history.ts'
import type { Scene } from '../crowd/scene.ts'
import type { Fault, Stage } from '../fault.ts'
import { exhaustPool } from './pool-exhausted.ts'
import { unavailableAnswers } from './unavailable-answers.ts'

/** The truth is away in four ways: every connection ended, a crash, a longer absence, and all connections taken. */
export const postgresGone: Fault = {
  name: 'postgres',
  title: 'Postgres killed; gone for 30 s; all backends terminated; pool exhausted',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const { postgres } = world
    const pids = world.instances.map(({ pid }) => pid).join()
    const scene = await stage.openScene()

    await sleep(random.between(500, 1_500))
    for (let time = 1; time <= stage.scale(5, 2); time++) {
      await postgres.terminateBackends()
      await sleep(random.between(300, 1_500))
    }
    await untilWritten(stage, scene, 'all backends terminated')
    await scene.removeSomebody()

    await exhaustPool(stage, scene)
    await untilWritten(stage, scene, 'pool exhausted')

    await postgres.stop('crash')
    await postgres.start()
    await untilWritten(stage, scene, 'killed')

    await sleep(500)
    const from = Date.now()
    await postgres.stop('crash')
    await sleep(stage.scale(30_000, 4_000))
    const until = Date.now()
    await postgres.start()
    await untilWritten(stage, scene, 'gone')
    await sleep(1_000)

    const { sends, caughtUp } = await stage.endScene(scene)
    boundAnswers(stage, sends, from, until)
    stage.atMost('everyone has everything after the last word', caughtUp, 10_000)
    const now = world.instances.map(({ pid }) => pid).join()
    stage.exactly('instances were restarted', now === pids ? 'none' : now, 'none')
  },
}

/** Waits until a message that was begun after this moment is acknowledged. */
async function untilWritten(stage: Stage, { load }: Scene, what: string): Promise<void> {
  const begin = Date.now()
  const isWritten = () =>
    load.sends.some(({ attempts }) => {
      const last = attempts.at(-1)
      return last?.outcome === 'ok' && last.at > begin
    })
  for (const deadline = begin + 30_000; Date.now() < deadline && !isWritten();) await sleep(50)
  const took = isWritten() ? Date.now() - begin : Infinity
  stage.atMost(`${what}: the next message is taken after its return`, took, 10_000)
}

function boundAnswers(stage: Stage, sends: readonly Send[], from: number, until: number): void {
  const answers = unavailableAnswers(sends, from, until)
  stage.atLeast('gone: tries meanwhile over HTTP', answers.overHttp, 5)
  stage.atLeast('gone: tries meanwhile over sockets', answers.overSocket, 5)
  stage.exactly('gone: tries that were acknowledged meanwhile', answers.acknowledged, 0)
  stage.exactly('gone: tries without an answer', answers.unanswered, 0)
  stage.exactly('gone: answers that do not say so and when to try again', answers.wrong, 0)
  stage.atMost('gone: slowest answer', answers.slowest, 2_000)
}
