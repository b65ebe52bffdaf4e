import { expect } from 'vitest'
import { events as catalogue, type LogEvent } from '../events.ts'
import { rowToEvent } from '../log/carried-event.ts'
import type { Services } from '../services.ts'
import type { TestPerson } from './factories.ts'
import { foldEvents, type Folded } from './fold-events.ts'
import { readPublicState, type PublicState } from './public-state.ts'

export interface Verification {
  services: Services
  /** From whose eyes it is looked at: those concerned and an outsider. */
  viewers: readonly TestPerson[]
  /** What should be changed; `nothing` for repeats and for what is already so. */
  expect?: 'events' | 'nothing'
}

/**
 * Runs an action and checks, for each viewer, that what they saw before plus the events it wrote is what they see
 * after: nothing is changed that is not announced, and nothing is announced that did not happen.
 * @returns the events, in the order in which they were written.
 */
export async function verifyEvents(
  { services, viewers, expect: expected = 'events' }: Verification,
  action: () => Promise<unknown>,
): Promise<LogEvent[]> {
  const heads = await readHeads(services)
  const before = await Promise.all(viewers.map(readPublicState))
  await action()
  const events = await readSince(services, heads)
  const after = await Promise.all(viewers.map(readPublicState))

  if (expected === 'nothing') {
    expect(events, 'nothing is announced').toEqual([])
    expect(after, 'nothing is changed').toEqual(before)
    return events
  }
  expect(events.length, 'something is announced').toBeGreaterThan(0)
  checkPayloads(events)
  checkNumbers(events, heads)
  for (const [index, viewer] of viewers.entries()) {
    const [was, is] = [before[index], after[index]]
    if (!was || !is) throw new Error('every viewer looked twice')
    const folded = foldEvents(was, events)
    expect(told(folded.state, folded), `what ${viewer.user.name} was told`).toEqual(
      told(is, folded),
    )
  }
  return events
}

/** Leaves out what no event tells: what was in a thread before the viewer came into it. */
function told(state: PublicState, { began }: Folded): PublicState {
  const copy = structuredClone(state)
  for (const [id, joinedSeq] of Object.entries(began)) {
    const thread = copy.threads[id]
    if (!thread || joinedSeq === 1) continue
    thread.participants = {}
    thread.messages = Object.fromEntries(
      Object.entries(thread.messages).filter(([, message]) => message.seq > joinedSeq),
    )
    if (thread.mine.lastMessage && thread.mine.lastMessage.seq < joinedSeq)
      thread.mine.lastMessage = null
  }
  return copy
}

function checkPayloads(events: readonly LogEvent[]): void {
  for (const { type, version, payload } of events) {
    expect(version).toBe(catalogue[type].version)
    // Equal after parsing: nothing is in it that the catalogue does not name.
    expect(catalogue[type].payload.parse(payload), type).toEqual(payload)
  }
}

/** From each stream's head on, without a hole. */
function checkNumbers(events: readonly LogEvent[], heads: ReadonlyMap<string, number>): void {
  const next = new Map(heads)
  for (const { stream, seq } of events) {
    expect(seq).toBe((next.get(stream) ?? 0) + 1)
    next.set(stream, seq)
  }
}

async function readHeads({ db }: Services): Promise<Map<string, number>> {
  const rows = await db.selectFrom('streams').select(['id', 'head']).execute()
  return new Map(rows.map((row) => [row.id, row.head]))
}

async function readSince(
  { db }: Services,
  heads: ReadonlyMap<string, number>,
): Promise<LogEvent[]> {
  const rows = await db
    .selectFrom('events')
    .select(['streamId', 'seq', 'type', 'version', 'actorId', 'payload', 'at'])
    .orderBy('at')
    .orderBy('seq')
    .execute()
  return rows.filter((row) => row.seq > (heads.get(row.streamId) ?? 0)).map(rowToEvent)
}
