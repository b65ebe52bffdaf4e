/** The middle of the figures of several runs, and how far they lie apart. */
export interface Figure {
  median: number
  min: number
  max: number
  runs: number
}

/** NaN when there are none. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)] ?? NaN
  const high = sorted[Math.ceil(middle)] ?? NaN
  return {
    median: (low + high) / 2,
    min: sorted[0] ?? NaN,
    max: sorted.at(-1) ?? NaN,
    runs: sorted.length,
  }
}
