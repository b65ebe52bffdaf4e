interface Waiting<Input, Result> {
  input: Input
  resolve: (result: Result) => void
  reject: (error: unknown) => void
}

/**
 * Makes many calls at a time into few: those of one turn of the event loop go together, and while `atOnce` batches
 * are under way the next calls gather. A call is only answered by work that began after it was made.
 * @param run gives a result for each input, in their order; when it throws, all calls of the batch fail with that.
 */
export function batchCalls<Input, Result>(
  run: (inputs: readonly Input[]) => Promise<readonly Result[]>,
  { most, atOnce }: { most: number; atOnce: number },
): (input: Input) => Promise<Result> {
  let waiting: Waiting<Input, Result>[] = []
  let underWay = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || underWay >= atOnce || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      underWay++
      void answer(batch).finally(() => {
        underWay--
        schedule()
      })
      schedule()
    })
  }

  async function answer(batch: readonly Waiting<Input, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ input }) => input))
      if (results.length !== batch.length) throw new Error('a batch was not answered in full')
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject })
      schedule()
    })
}
