import type { Attempt, Defect, History, Send, Stay } from './history.ts'
import { placeOf } from './place-of.ts'

/** Milliseconds after the time that an event bears, within which it is committed and everyone is told by it. */
const commitMs = 5_000

/** What was refused was not written, and only who is not in the thread is refused. */
export function checkRefusals(history: History, sends: readonly Send[]): Defect[] {
  const times = new Map(history.facts.map((fact) => [placeOf(fact), fact.at]))
  const rows = new Map(
    history.messages.map((row) => [
      nameOf(row),
      times.get(placeOf({ stream: row.threadId, seq: row.seq })) ?? 0,
    ]),
  )
  const stays = Map.groupBy(history.stays, ({ stream, userId }) => `${stream}/${userId}`)
  return sends.flatMap((send): Defect[] => {
    const refused = send.attempts.filter(({ outcome }) => outcome === 'refused')
    const writtenAt = rows.get(nameOf(send))
    const own = stays.get(`${send.threadId}/${send.authorId}`) ?? []
    return refused.flatMap((attempt): Defect[] => {
      const what = `${nameOf(send)} (${attempt.reason ?? 'no reason'})`
      if (writtenAt !== undefined && isUntrue(attempt, send, writtenAt))
        return [{ kind: 'doubled', detail: `refused, and yet a row: ${what}` }]
      if (own.some((stay) => wasIn(stay, attempt, times)))
        return [{ kind: 'lost', detail: `refused, although in the thread: ${what}` }]
      return []
    })
  })
}

const nameOf = ({ authorId, clientId }: { authorId: string; clientId: string }) =>
  `${authorId}/${clientId}`

/** The row was there before the try, or is by none but those that were refused: written later it may be by another one. */
function isUntrue(attempt: Attempt, { attempts }: Send, writtenAt: number): boolean {
  return writtenAt < attempt.at || attempts.every(({ outcome }) => outcome === 'refused')
}

/** From well before the try until after its answer, by the log. */
function wasIn(
  { stream, from, to }: Stay,
  { at, took }: Attempt,
  times: ReadonlyMap<string, number>,
): boolean {
  const timeOf = (seq: number) => times.get(placeOf({ stream, seq })) ?? Infinity
  return timeOf(from) + commitMs < at && (to === null || timeOf(to) > at + took)
}
