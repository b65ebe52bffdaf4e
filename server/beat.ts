/**
 * What an instance does now and then by itself, it does in step: to wake up for one thing costs as much as for five, and
 * what they share is still in the processor's cache (docs/performance.md). All beats of a process are multiples of
 * their length on its own clock, so those of a second and of two fall together.
 */

/**
 * Milliseconds until the next beat of this length, to be waited for with a timer. One that is less than a quarter away is
 * left out: a timer that ended a little early must not be set for the beat that it was for.
 */
export function untilBeat(length: number, now = performance.now()): number {
  const left = length - (now % length)
  return left < length / 4 ? left + length : left
}

/** Calls `work` at each beat. @returns ends that */
export function atBeats(length: number, work: () => void): () => void {
  let timer = setTimeout(beat, untilBeat(length))
  function beat(): void {
    timer = setTimeout(beat, untilBeat(length))
    work()
  }
  return () => clearTimeout(timer)
}
