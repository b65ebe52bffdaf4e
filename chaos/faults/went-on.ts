import type { History } from '../check/history.ts'
import type { Removal } from '../crowd/scene.ts'

/**
 * The removals after which the thread went on: what was said there then would be leaked, were it seen.
 * @param until it went on before this moment; by default at any time
 */
export function wentOn(
  removals: readonly Removal[],
  { facts, stays }: History,
  until = Infinity,
): Removal[] {
  return removals.filter(({ thread, person }) => {
    const last = stays.findLast(
      ({ stream, userId }) => stream === thread.id && userId === person.id,
    )
    const out = last?.to ?? Infinity
    return facts.some(({ stream, seq, at }) => stream === thread.id && seq > out && at < until)
  })
}
