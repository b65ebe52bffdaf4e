/** What instances tell each other of who is connected to them. Every loss heals: see OtherInstances. */
import { z } from 'zod'

const people = z.array(z.string())
const from = z.string()
/** Counts what the sender has told of changes: a gap shows that something was lost. */
const seq = z.number()

export const presenceSignal = z.discriminatedUnion('kind', [
  /** A person types in a thread. */
  z.object({ kind: z.literal('typing'), userId: z.string(), threadId: z.string() }),
  /** These people of mine changed. */
  z.object({
    kind: z.literal('changes'),
    from,
    seq,
    online: people,
    away: people,
    offline: people,
  }),
  /** I am here, and this is how much I have told. */
  z.object({ kind: z.literal('alive'), from, seq }),
  /** Who else is here? Each answers with `alive`. */
  z.object({ kind: z.literal('hello'), from }),
  /** Tell all of yours. */
  z.object({ kind: z.literal('ask'), from, of: z.string() }),
  /** All of mine, in so many parts. */
  z.object({
    kind: z.literal('all'),
    from,
    seq,
    part: z.number(),
    parts: z.number(),
    online: people,
    away: people,
  }),
  /** I am stopping. */
  z.object({ kind: z.literal('bye'), from }),
])

export type PresenceSignal = z.infer<typeof presenceSignal>
export type SignalOf<K extends PresenceSignal['kind']> = Extract<PresenceSignal, { kind: K }>

/** People in one signal: 200 kB of ids; nats-server refuses messages over 1 MiB. */
const peoplePerSignal = 5_000

/** Splits people by state into portions that fit a signal; at least one. */
export function portion<S extends string>(people: Iterable<[string, S]>): [string, S][][] {
  const all = [...people]
  const portions: [string, S][][] = []
  do portions.push(all.splice(0, peoplePerSignal))
  while (all.length > 0)
  return portions
}

/** The ids of those in a state. */
export function idsIn<S extends string>(people: Iterable<[string, S]>, state: S): string[] {
  const ids: string[] = []
  for (const [id, its] of people) if (its === state) ids.push(id)
  return ids
}
