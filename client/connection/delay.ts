/** The first try after a loss comes within this, so that everyone has everything within 5 s, and not all at once. */
const firstSpreadMs = 3_000
const longestSpreadMs = 30_000

/**
 * Milliseconds to wait before a try: full jitter over a spread that doubles with every failure.
 *
 * @param failures tries that failed since the last success; 0 after the loss itself
 */
export function reconnectDelay(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(firstSpreadMs * 2 ** failures, longestSpreadMs)
}

/** The same for one call or one handler, which may begin sooner: spreads of 0.5, 1, 2, … at most 30 s. */
export function retryDelay(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(500 * 2 ** failures, longestSpreadMs)
}

/** Waits. @throws the signal's reason when it is aborted meanwhile. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
