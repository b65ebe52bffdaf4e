import { AppError } from './errors.ts'

interface Waiting<Input, Result> {
  input: Input
  since: number
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

export interface BatchLimits {
  /** Calls in one batch. */
  most: number
  /** Batches under way. */
  atOnce: number
  /**
   * Milliseconds between the beginnings of two batches that are not full. Who comes alone does not wait; a thousand who
   * trickle in are a few dozen batches, not five hundred, each of which costs about the same.
   */
  apart?: number
  /** Milliseconds after which a call that was not begun is refused; without it, it waits. */
  patience?: number
}

/**
 * Makes many calls at a time into few: those of one turn of the event loop go together, and while `atOnce` batches
 * are under way the next calls gather. A call is only answered by work that began after it was made.
 * @param run gives a result for each input, in their order, or an Error, with which that call fails; when it throws, all
 *   calls of the batch fail with that.
 * @throws AppError BUSY when it waited too long
 */
export function batchCalls<Input, Result>(
  run: (inputs: readonly Input[]) => Promise<readonly (Result | Error)[]>,
  { most, atOnce, apart = 0, patience }: BatchLimits,
): (input: Input) => Promise<Result> {
  let waiting: Waiting<Input, Result>[] = []
  let underWay = 0
  let scheduled = false
  let pause: NodeJS.Timeout | null = null
  let begunAt = -Infinity
  let clock: NodeJS.Timeout | null = null

  function schedule(): void {
    const isFull = waiting.length >= most
    if (pause && isFull) {
      clearTimeout(pause)
      pause = null
      scheduled = false
    }
    if (scheduled || underWay >= atOnce || waiting.length === 0) return
    scheduled = true
    const begin = () => {
      scheduled = false
      pause = null
      begunAt = performance.now()
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      underWay++
      void answer(batch).finally(() => {
        underWay--
        schedule()
      })
      schedule()
    }
    const wait = begunAt + apart - performance.now()
    pause = wait > 0 && !isFull ? setTimeout(begin, wait) : null
    if (!pause) setImmediate(begin)
  }

  function watchTheClock(): void {
    if (patience === undefined || clock !== null || waiting.length === 0) return
    clock = setTimeout(() => {
      clock = null
      const before = performance.now() - patience
      // The oldest stand first.
      while (waiting[0] && waiting[0].since <= before) waiting.shift()?.reject(busy())
      watchTheClock()
    }, patience / 8)
  }

  async function answer(batch: readonly Waiting<Input, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ input }) => input))
      if (results.length !== batch.length) throw new Error('a batch was not answered in full')
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i] as Result | Error
        if (result instanceof Error) reject(result)
        else resolve(result)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, since: performance.now(), resolve, reject })
      schedule()
      watchTheClock()
    })
}

function busy(): AppError {
  const words = 'Too much is being asked for at once; try again in a moment.'
  return new AppError('BUSY', words, { retryAfter: 1 })
}
