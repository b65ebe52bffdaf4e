/**
 * What an instance looks up in the database by itself, again and again (what the log has that no signal told of, whether
 * its history is still the same, whether handlers have work), it asks in one statement, each beat. On a quiet server
 * these looks are most of what goes on, and each statement costs some milliseconds of a processor that has done something
 * else meanwhile (docs/decisions/016).
 */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { Prepared } from '../../db/prepared.ts'
import type { Database } from '../../db/schema.ts'
import { atBeats, restBeatMs } from '../beat.ts'
import { databaseFailure, isTooLong } from '../database-failure.ts'

export interface Question<Answer> {
  /**
   * SQL of one JSON value, with `late` values for all that changes: another object only when its text is another. It is
   * asked then, and answered or failed once. Null while there is nothing to ask.
   */
  text(): RawBuilder<unknown> | null
  /** Must not throw, nor must `failed`. */
  take(answer: Answer): void
  failed(error: unknown): void
}

export interface JointLook {
  /** Asks it at each beat from now on. @returns ends that */
  add<Answer>(question: Question<Answer>): () => void
  /** Asks one of them alone, now. Resolves when its answer was taken, or it failed. */
  ask<Answer>(question: Question<Answer>): Promise<void>
  /** Asks nothing more, and waits for the look under way. */
  close(): Promise<void>
}

/** @param every milliseconds between two looks */
export function createJointLook(db: Kysely<Database>, every = restBeatMs): JointLook {
  const questions = new Set<Question<unknown>>()
  let known: { texts: RawBuilder<unknown>[]; statement: Statement } | null = null
  let looking: Promise<void> | null = null

  async function look(): Promise<void> {
    const asked: Question<unknown>[] = []
    const texts: RawBuilder<unknown>[] = []
    for (const question of questions) {
      const text = question.text()
      if (!text) continue
      asked.push(question)
      texts.push(text)
    }
    if (asked.length === 0) return
    if (!known || !areSame(texts, known.texts)) known = { texts, statement: jointly(texts) }
    let answers: readonly unknown[]
    try {
      answers = await answersTo(known.statement)
    } catch (error) {
      // One that cannot be answered must not keep the others from their answers.
      const isOfOne = isTooLong(error) || databaseFailure(error) === null
      const alone = asked.length > 1 && isOfOne
      for (const [place, question] of asked.entries()) {
        const text = texts[place]
        if (alone && text) await askAlone(question, text)
        else question.failed(error)
      }
      return
    }
    for (const [place, question] of asked.entries()) question.take(answers[place])
  }

  async function askAlone(question: Question<unknown>, text: RawBuilder<unknown>): Promise<void> {
    let answers: readonly unknown[]
    try {
      answers = await answersTo(jointly([text]))
    } catch (error) {
      question.failed(error)
      return
    }
    question.take(answers[0])
  }

  async function answersTo(statement: Statement): Promise<readonly unknown[]> {
    const [row] = await statement.execute(db)
    if (!row) throw new Error('a look gave no row')
    return row.answers
  }

  const stopLooking = atBeats(every, () => {
    looking ??= look().finally(() => {
      looking = null
    })
  })

  return {
    add(question) {
      const added = question as Question<unknown>
      questions.add(added)
      return () => questions.delete(added)
    },
    async ask(question) {
      const text = question.text()
      if (text) await askAlone(question, text)
    },
    async close() {
      stopLooking()
      await looking
    },
  }
}

type Statement = Prepared<{ answers: unknown[] }>

function jointly(texts: readonly RawBuilder<unknown>[]): Statement {
  return new Prepared(sql`select json_build_array(${sql.join(texts)}) as answers`)
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i])
}
