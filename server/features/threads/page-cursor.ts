import { sql, type RawBuilder } from 'kysely'
import { AppError } from '../../errors.ts'

/** Where a page ended: a time in microseconds, as exact as Postgres keeps it, and the id that tells equal times apart. */
export interface PageCursor {
  micros: number
  id: string
}

const shape = /^(\d{1,16})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export function encodePageCursor({ micros, id }: PageCursor): string {
  return `${micros}.${id}`
}

/** @throws AppError INPUT_INVALID for what was not the `next` of a page. */
export function decodePageCursor(text: string | undefined): PageCursor | null {
  if (text === undefined) return null
  const [, micros, id] = shape.exec(text) ?? []
  if (micros === undefined || id === undefined)
    throw new AppError('INPUT_INVALID', 'after: not the end of a page')
  return { micros: Number(micros), id }
}

/** A time in whole microseconds. */
export function microsOf(time: RawBuilder<Date>): RawBuilder<number> {
  return sql<number>`(extract(epoch from ${time}) * 1000000)::bigint`
}

/** The time back again, exactly. */
export function timeOf(cursor: PageCursor): RawBuilder<Date> {
  return sql<Date>`timestamptz 'epoch' + ${cursor.micros}::bigint * interval '1 microsecond'`
}
