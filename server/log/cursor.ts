/**
 * Where a client stands in the log: the epoch of the history and a horizon, the oldest transaction that was still
 * open when everything below it had been handed to this client. Opaque to clients.
 *
 * While a long absence is being read, the cursor also says how far that reading came: streams are read in id order,
 * so everything up to (stream, seq) is done, and `next` is the horizon that holds once all of them are.
 */
import { AppError } from '../errors.ts'

export interface Cursor {
  epoch: string
  /** xid8 as decimal text. */
  horizon: string
  reading?: { next: string; stream: string; seq: number }
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const shape = new RegExp(`^(${uuid})\\.(\\d{1,20})(?:\\.(\\d{1,20})\\.(${uuid})\\.(\\d{1,15}))?$`)
/** Of xid8. No transaction has it: within a connection it stands for "begin now", which no client may smuggle in. */
const largestXid = 2n ** 64n - 1n

export function encodeCursor(cursor: Cursor): string {
  const { epoch, horizon, reading } = cursor
  const text = reading
    ? `${epoch}.${horizon}.${reading.next}.${reading.stream}.${reading.seq}`
    : `${epoch}.${horizon}`
  return Buffer.from(text).toString('base64url')
}

/**
 * @throws AppError CURSOR_UNKNOWN for anything we did not make, CURSOR_EPOCH for another history.
 *   CURSOR_AHEAD is found where the database is asked (fact-stream.ts).
 */
export function decodeCursor(text: string, epoch: string): Cursor {
  const match = shape.exec(Buffer.from(text, 'base64url').toString('latin1'))
  const [, of, horizon, next, stream, seq] = match ?? []
  if (
    of === undefined ||
    horizon === undefined ||
    [horizon, next ?? '0'].some((xid) => BigInt(xid) >= largestXid)
  )
    throw new AppError(
      'CURSOR_UNKNOWN',
      'This cursor was not given out by this server; load everything and begin anew.',
    )
  if (of !== epoch) throw historyRewritten()
  if (next === undefined || stream === undefined || seq === undefined) return { epoch, horizon }
  return { epoch, horizon, reading: { next, stream, seq: Number(seq) } }
}

/** What every reader of a history is told that is no more. */
export function historyRewritten(): AppError {
  return new AppError(
    'CURSOR_EPOCH',
    'The history was restored since this cursor was given; load everything and begin anew.',
  )
}

/** Is one horizon beyond another? */
export function isLater(horizon: string, than: string): boolean {
  return horizon !== than && BigInt(horizon) > BigInt(than)
}
