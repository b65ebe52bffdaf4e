/** Numbers of threads that are none of ours, and so are not missing: what was said while we were out. */

/** From leaving a thread to joining it again. */
export interface Absence {
  /** seq of the event that let us out. */
  readonly after: number
  /** seq of the event that let us in again; null before that. */
  readonly before: number | null
}

/**
 * Per thread, the absences that its events have not passed yet, oldest first. Several, because streams come one after
 * the other: our own may tell of leaving and joining again and again before the thread's next event comes.
 */
export type Absences = Readonly<Record<string, readonly Absence[]>>

/** Whether we were out of the thread all the while between these two of its events. */
export function wereOut(absences: Absences, thread: string, head: number, seq: number): boolean {
  return (absences[thread] ?? []).some(
    ({ after, before }) => after <= head && (before === null || seq <= before),
  )
}

/** After the event `head` of the thread came `seq`. */
export function passed(absences: Absences, thread: string, head: number, seq: number): Absences {
  const jumped = seq > head + 1
  return replaced(absences, thread, (absence) => {
    // Heard again after a jump: whatever is missing from here on is missing.
    if (absence.before === null) return jumped && absence.after <= head ? [] : [absence]
    return seq < absence.before - 1 ? [absence] : []
  })
}

/** @param leftSeq seq, in the thread, of the event that let us out */
export function leaving(absences: Absences, thread: string, leftSeq: number): Absences {
  const earlier = absences[thread] ?? []
  return { ...absences, [thread]: [...earlier, { after: leftSeq, before: null }] }
}

/**
 * @param joinedSeq seq, in the thread, of the event that let us in again
 * @param head how far the thread was handled: its events may have come before our own
 */
export function joining(
  absences: Absences,
  thread: string,
  joinedSeq: number,
  head: number,
): Absences {
  return replaced(absences, thread, (absence) => {
    if (absence.before !== null) return [absence]
    return head < joinedSeq - 1 ? [{ ...absence, before: joinedSeq }] : []
  })
}

function replaced(
  absences: Absences,
  thread: string,
  replace: (absence: Absence) => Absence[],
): Absences {
  const { [thread]: before, ...others } = absences
  if (!before) return absences
  const left = before.flatMap(replace)
  return left.length > 0 ? { ...others, [thread]: left } : others
}
