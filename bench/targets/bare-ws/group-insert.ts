import type pg from 'pg'

export interface NewMessage {
  thread: number
  author: number
  text: string
}

export interface KeptMessage extends NewMessage {
  id: number
  at: string
}

/** Messages that arrive while an INSERT is under way go together in the next one, in the order in which they came. */
export function createGroupInsert(
  pool: pg.Pool,
  kept: (messages: readonly KeptMessage[]) => void,
): (message: NewMessage, done: (id: number) => void) => void {
  let waiting: { message: NewMessage; done: (id: number) => void }[] = []
  let underWay = false

  async function insert(): Promise<void> {
    underWay = true
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const messages = group.map(({ message }) => message)
      const { rows } = await pool.query<{ id: string; at: Date }>({
        name: 'insert',
        text: `insert into messages (thread, author, text)
               select * from unnest($1::int[], $2::int[], $3::text[]) returning id, at`,
        values: [
          messages.map(({ thread }) => thread),
          messages.map(({ author }) => author),
          messages.map(({ text }) => text),
        ],
      })
      kept(
        messages.map((message, place) => {
          const row = rows[place]
          if (!row) throw new Error('fewer rows came back than went in')
          return { id: Number(row.id), ...message, at: row.at.toISOString() }
        }),
      )
      group.forEach(({ done }, place) => done(Number(rows[place]?.id)))
    }
    underWay = false
  }

  return (message, done) => {
    waiting.push({ message, done })
    if (!underWay) void insert()
  }
}
