/**
 * Does what `attempt` does, or, where that gives null, what `otherwise` does, and only that for some time afterwards: what
 * was in its way once is mostly there again. `otherwise` can do everything; `attempt` is cheaper.
 * @param carefulFor milliseconds
 */
export function attemptFirst<Given extends unknown[], Result>(
  attempt: (...given: Given) => Promise<Result | null>,
  otherwise: (...given: Given) => Promise<Result>,
  carefulFor: number,
): (...given: Given) => Promise<Result> {
  let carefulUntil = -Infinity
  return async (...given) => {
    if (performance.now() >= carefulUntil) {
      const result = await attempt(...given)
      if (result !== null) return result
      carefulUntil = performance.now() + carefulFor
    }
    return otherwise(...given)
  }
}
