import type pg from 'pg'
import { textFrame } from './rooms.ts'

interface Row {
  id: string
  thread: number
  author: number
  text: string
  at: Date
}

interface Missed {
  frames: Buffer[]
  ids: ReadonlySet<number>
}

/** Reads pages, and what those who come back have missed. */
export function createReader(pool: pg.Pool) {
  const underWay = new Map<string, Promise<Missed>>()

  async function readMissed(thread: number, after: number): Promise<Missed> {
    const { rows } = await pool.query<Row>({
      name: 'missed',
      text: 'select id, thread, author, text, at from messages where thread = $1 and id > $2 order by id',
      values: [thread, after],
    })
    return {
      frames: rows.map((row) => textFrame(JSON.stringify({ event: toMessage(row) }))),
      ids: new Set(rows.map(({ id }) => Number(id))),
    }
  }

  return {
    async page(thread: number, before: number): Promise<string> {
      const { rows } = await pool.query<Row>({
        name: 'page',
        text: `select id, thread, author, text, at from messages
               where thread = $1 and id < $2 order by id desc limit 50`,
        values: [thread, before],
      })
      return JSON.stringify(rows.map(toMessage).reverse())
    },

    missed: readMissed,

    /** Many who come back at once ask for the same: it is read once for all of them. */
    missedByMany(thread: number, after: number): Promise<Missed> {
      const key = `${thread}/${after}`
      const known = underWay.get(key)
      if (known) return known
      const reading = readMissed(thread, after).finally(() => underWay.delete(key))
      underWay.set(key, reading)
      return reading
    },
  }
}

function toMessage({ id, ...row }: Row) {
  return { id: Number(id), ...row, at: row.at.toISOString() }
}
