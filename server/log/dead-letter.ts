/**
 * Events that a handler could not handle. A failure may pass, so the handler is asked again a few times, with growing
 * pauses; what it cannot even read (an unknown type, a newer version, another payload) waits for somebody to replay it
 * with code that can. Later events have gone on meanwhile.
 */
import { sql, type Kysely, type RawBuilder, type Selectable, type Transaction } from 'kysely'
import type { Database, DeadLettersTable } from '../../db/schema.ts'
import type { LogEvent } from '../events.ts'
import { rowToEvent } from './carried-event.ts'
import { misfit, type EventHandlers } from './event-handler.ts'
import { tryApply } from './try-apply.ts'

export type DeadLetter = Selectable<DeadLettersTable>

/** With the first one. */
export const mostAttempts = 5
const firstPauseMs = 100
const longestReason = 500

/** How a letter stands: `trying` again by itself, `waiting` for a replay, or `applied` since. */
export function stateOf({ retryAt, appliedAt }: DeadLetter): 'trying' | 'waiting' | 'applied' {
  if (appliedAt) return 'applied'
  return retryAt ? 'trying' : 'waiting'
}

/** Sets an event aside. @param failure what the handler threw, or why it cannot be asked at all */
export async function setAside(
  trx: Transaction<Database>,
  handler: string,
  event: LogEvent,
  failure: { threw: unknown; attempts: number } | { misfit: string },
): Promise<void> {
  const threw = 'threw' in failure
  const attempts = threw ? failure.attempts : 1
  await trx
    .insertInto('deadLetters')
    .values({
      handler,
      streamId: event.stream,
      seq: event.seq,
      type: event.type,
      reason: threw ? reasonOf(failure.threw) : failure.misfit,
      attempts,
      retryAt: threw ? pauseAfter(attempts) : null,
    })
    .onConflict((conflict) => conflict.columns(['handler', 'streamId', 'seq']).doNothing())
    .execute()
}

/** SQL: whether something is to be tried again by now. */
export function hasDueLetters(handler: string): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from dead_letters where handler = ${handler} and retry_at <= clock_timestamp()
  )`
}

/** Tries again what is due. @returns how many were given up now. */
export async function retryDue(
  trx: Transaction<Database>,
  handlers: EventHandlers,
  name: string,
): Promise<number> {
  const due = await trx
    .selectFrom('deadLetters')
    .selectAll()
    .where('handler', '=', name)
    .where('retryAt', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('retryAt')
    .limit(20)
    .forUpdate()
    .skipLocked()
    .execute()
  let givenUp = 0
  for (const letter of due) {
    const { attempts, retryAt } = await attempt(trx, handlers, letter)
    if (retryAt === null && attempts === mostAttempts) givenUp++
  }
  return givenUp
}

export type Replay = 'applied' | 'applied-before' | { failed: string }

/** Asks the handler once more, beside instances that run. Null when there is no such letter. */
export async function replay(
  db: Kysely<Database>,
  handlers: EventHandlers,
  id: string,
): Promise<Replay | null> {
  return db.transaction().execute(async (trx) => {
    const letter = await trx
      .selectFrom('deadLetters')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!letter) return null
    if (letter.appliedAt) return 'applied-before'
    const { failure } = await attempt(trx, handlers, letter)
    return failure === null ? 'applied' : { failed: failure }
  })
}

interface Outcome {
  failure: string | null
  attempts: number
  retryAt: unknown
}

/** The letter must be locked. */
async function attempt(
  trx: Transaction<Database>,
  handlers: EventHandlers,
  letter: DeadLetter,
): Promise<Outcome> {
  const failure = await failureOf(trx, handlers, letter)
  const attempts = letter.attempts + 1
  const again = letter.retryAt !== null && failure !== null
  const retryAt = again ? pauseAfter(attempts) : null
  await trx
    .updateTable('deadLetters')
    .set({
      attempts,
      retryAt,
      ...(failure === null ? { appliedAt: sql<Date>`clock_timestamp()` } : { reason: failure }),
    })
    .where('id', '=', letter.id)
    .execute()
  return { failure, attempts, retryAt }
}

async function failureOf(
  trx: Transaction<Database>,
  handlers: EventHandlers,
  { handler: name, streamId, seq }: DeadLetter,
): Promise<string | null> {
  const handler = handlers[name]
  if (!handler) return `this code has no handler called ${name}`
  const row = await trx
    .selectFrom('events')
    .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
    .where('streamId', '=', streamId)
    .where('seq', '=', seq)
    .executeTakeFirst()
  if (!row) return 'the event is not in the log any more'
  const event = rowToEvent(row)
  const wrong = misfit(event)
  if (wrong !== null) return wrong
  // Known by now, and it turns out that it does not concern this handler.
  if (!handler.on.includes(event.type)) return null
  const failed = await tryApply(trx, handler, [event])
  return failed ? reasonOf(failed.error) : null
}

function pauseAfter(attempts: number) {
  if (attempts >= mostAttempts) return null
  const milliseconds = firstPauseMs * 3 ** (attempts - 1)
  return sql<Date>`clock_timestamp() + ${milliseconds} * interval '1 millisecond'`
}

/** One line, without the rows that libraries put into `detail`. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.replace(/\s+/g, ' ').replaceAll('\0', '').slice(0, longestReason).toWellFormed()
}
