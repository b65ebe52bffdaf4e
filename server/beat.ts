/**
 * What an instance does now and then by itself, it does in step: to wake up for one thing costs as much as for five, and
 * what they share is still in the processor's cache (docs/performance.md). All beats of a process are multiples of
 * their length on its own clock, so those of a second and of two fall together.
 */

/**
 * Milliseconds. A quiet instance wakes up this often and no oftener: its first steps after a rest are the dearest there
 * are, whatever they are for (docs/decisions/017). What no signal told of is found after this long, at the latest.
 */
export const restBeatMs = 2_000

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

export interface RestingBeats {
  /** There is something to do: do it at the next short beat. */
  stir: () => void
  stop: () => void
}

/** Calls `work` at the next beat of `soonMs` whenever somebody stirs it, and at each of `restMs` although nobody does. */
export function atRestingBeats(
  { soonMs, restMs }: { soonMs: number; restMs: number },
  work: () => void,
): RestingBeats {
  let stirred = false
  let timer = setTimeout(beat, untilBeat(restMs))
  function beat(): void {
    stirred = false
    timer = setTimeout(beat, untilBeat(restMs))
    work()
  }
  return {
    stir() {
      if (stirred) return
      stirred = true
      clearTimeout(timer)
      timer = setTimeout(beat, untilBeat(soonMs))
    },
    stop: () => clearTimeout(timer),
  }
}
