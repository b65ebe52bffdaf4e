import { setTimeout as sleep } from 'node:timers/promises'
import type { Send } from '../check/history.ts'
import type { Fault } from '../fault.ts'

/** The answer is lost on the way back: the message is written, its author does not know, and sends it again. */
export const replyCut: Fault = {
  name: 'replies',
  title: 'the reply cut after COMMIT for 5 % of sends, retried on another instance',
  inShort: true,
  async run(stage) {
    const { world, random } = stage
    const choice = random.fork('cuts')
    const scene = await stage.openScene({ overSocket: 0, again: 0.2 })
    const edges = world.instances.map(({ links }) => links.edge)
    const before = edges.reduce((sum, { answersCut }) => sum + answersCut, 0)
    for (const edge of edges) edge.cutsAnswer = () => choice.happens(stage.scale(0.05, 0.2))
    await sleep(stage.scale(20_000, 5_000))
    await scene.removeSomebody()
    for (const edge of edges) edge.cutsAnswer = () => false
    const { history, sends } = await stage.endScene(scene)

    const cut = sends.filter(({ attempts }) =>
      attempts.some(({ outcome }) => outcome === 'unknown'),
    )
    const rowOf = ({ authorId, clientId }: Send) =>
      history.messages.find(
        (message) => message.authorId === authorId && message.clientId === clientId,
      )
    // Whoever was taken out meanwhile may be refused, but only what was not written.
    const settled = cut.filter((send) => {
      const last = send.attempts.at(-1)?.outcome
      return last === 'ok' || (last === 'refused' && !rowOf(send))
    })
    // Written by the try whose answer was lost: the row is older than the try that was answered.
    const written = cut.filter((send) => {
      const { attempts } = send
      const row = rowOf(send)
      const fact = history.facts.find(
        ({ stream, seq }) => stream === row?.threadId && seq === row.seq,
      )
      const answered = attempts.find(({ outcome }) => outcome === 'ok')
      return fact !== undefined && answered !== undefined && fact.at < answered.at
    })
    const total = edges.reduce((sum, { answersCut }) => sum + answersCut, 0) - before
    stage.atLeast('answers cut', total, stage.scale(30, 5))
    stage.atLeast('messages that were written although the answer was cut', written.length, 3)
    stage.exactly('of those whose answer was cut, never settled', cut.length - settled.length, 0)
    const elsewhere = cut.filter(
      ({ attempts }) => new Set(attempts.map(({ instance }) => instance)).size > 1,
    )
    stage.exactly('retried on another instance', elsewhere.length, cut.length)
  },
}
