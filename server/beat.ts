/**
 * What an instance does now and then by itself, it does in step: to wake up for one thing costs as much as for five, and
 * what they share is still in the processor's cache (docs/performance.md). All beats of a process are multiples of
 * their length on its own clock, so those of one length fall together, and of twice that, too.
 */

/**
 * Milliseconds. A quiet instance wakes up this often and no oftener: its first steps after a rest are the dearest there
 * are, whatever they are for (docs/decisions/017). What no signal told of is found within two seconds.
 */
export const restBeatMs = 1_500

/**
 * Milliseconds until the next beat of this length, to be waited for with a timer. One that is less than a tenth away is
 * left out: a timer that ended a little early must not be set for the beat that it was for.
 */
export function untilBeat(length: number, now = performance.now()): number {
  const left = length - (now % length)
  return left < length / 10 ? left + length : left
}

interface Beats {
  works: Set<() => void>
  timer: NodeJS.Timeout
}

/** By their length: one timer for all that is done at them. */
const allBeats = new Map<number, Beats>()

/** Calls `work`, which must not throw, at each beat. @returns ends that */
export function atBeats(length: number, work: () => void): () => void {
  const beats = allBeats.get(length) ?? begin(length)
  // The same function may be brought twice.
  const own = () => work()
  beats.works.add(own)
  return () => {
    if (!beats.works.delete(own) || beats.works.size > 0) return
    clearTimeout(beats.timer)
    allBeats.delete(length)
  }
}

function begin(length: number): Beats {
  const beats: Beats = { works: new Set(), timer: setTimeout(beat, untilBeat(length)) }
  function beat(): void {
    beats.timer = setTimeout(beat, untilBeat(length))
    for (const work of beats.works) work()
  }
  allBeats.set(length, beats)
  return beats
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
  let soon: NodeJS.Timeout | null = null
  function forgetSoon(): void {
    if (soon) clearTimeout(soon)
    soon = null
  }
  function beat(): void {
    forgetSoon()
    work()
  }
  const stopResting = atBeats(restMs, beat)
  return {
    stir() {
      soon ??= setTimeout(beat, untilBeat(soonMs))
    },
    stop() {
      forgetSoon()
      stopResting()
    },
  }
}
