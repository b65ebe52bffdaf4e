/** What ends `serve`: a signal, or a failure nobody can go on after. */
export interface StopSignal {
  /** Aborted by the first reason to stop. */
  readonly stop: AbortSignal
  /** Aborted by the second signal: do not wait for anyone. */
  readonly hurry: AbortSignal
  /** Stops as a signal does; the process then ends as failed. */
  fail(error: unknown): void
  readonly failure: { error: unknown } | null
  /** Forgets the handlers. */
  release(): void
}

/** npm passes Ctrl-C on to us although the terminal told us already: signals so close together are one. */
const sameGestureMs = 1_000

export function listenForStop(onUnexpected: (error: unknown) => void): StopSignal {
  const stop = new AbortController()
  const hurry = new AbortController()
  let failure: { error: unknown } | null = null
  let askedAt = 0

  const onSignal = () => {
    const now = performance.now()
    if (!stop.signal.aborted) {
      askedAt = now
      stop.abort(new Error('asked to stop'))
    } else if (now - askedAt > sameGestureMs) {
      if (hurry.signal.aborted) process.exit(1)
      askedAt = now
      hurry.abort()
    }
  }
  const fail = (error: unknown) => {
    if (failure) return
    failure = { error }
    stop.abort(new Error('failed'))
    hurry.abort()
  }
  const onUncaught = (error: unknown) => {
    onUnexpected(error)
    fail(error)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUncaught)

  return {
    stop: stop.signal,
    hurry: hurry.signal,
    fail,
    get failure() {
      return failure
    },
    release() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      process.off('uncaughtException', onUncaught)
      process.off('unhandledRejection', onUncaught)
    },
  }
}
