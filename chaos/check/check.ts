/**
 * Compares what clients did and saw with what the database holds. Pure: the same records give the same defects.
 *
 *   lost       acknowledged and not in the database; refused although its author was in the thread; in the database and
 *              not seen by somebody entitled; a hole
 *   doubled    two rows or two answers for one send, also a row and a refusal; one fact twice on one connection; two facts
 *              under one number
 *   reordered  a number that was new to the client, and that it had to see, came after a higher one of its stream
 *   leaked     seen by somebody who was not, or no longer, in the thread when it was committed
 */
import { checkRefusals } from './check-refusals.ts'
import { entitlementOf } from './entitlement.ts'
import type { ClientRecord, Defect, Fact, History, MessageRow, Send } from './history.ts'
import { placeOf } from './place-of.ts'

export function check(
  history: History,
  clients: readonly ClientRecord[],
  sends: readonly Send[],
): Defect[] {
  const log = new Map(history.facts.map((fact) => [placeOf(fact), fact.content]))
  return [
    ...checkLog(history.facts),
    ...checkSends(history.messages, sends),
    ...checkRefusals(history, sends),
    ...clients.flatMap((client) => [
      ...checkConnections(client),
      ...checkOrder(client, history),
      ...checkContent(client, log),
      ...checkEntitlement(client, history),
    ]),
  ]
}

/** Numbers of a stream have no hole and no repeat, in the database itself. */
function checkLog(facts: readonly Fact[]): Defect[] {
  const streams = Map.groupBy(facts, ({ stream }) => stream)
  return [...streams].flatMap(([stream, own]) => {
    const seqs = own.map(({ seq }) => seq).sort((a, b) => a - b)
    return seqs.flatMap((seq, index): Defect[] => {
      const before = seqs[index - 1]
      if (before === undefined || seq === before + 1) return []
      if (seq === before)
        return [{ kind: 'doubled', detail: `the log has ${stream}#${seq} more than once` }]
      return [{ kind: 'lost', detail: `the log has a hole: ${stream}#${before + 1} to ${seq - 1}` }]
    })
  })
}

function checkSends(messages: readonly MessageRow[], sends: readonly Send[]): Defect[] {
  const rows = Map.groupBy(messages, ({ authorId, clientId }) => `${authorId}/${clientId}`)
  return sends.flatMap((send): Defect[] => {
    const name = `${send.authorId}/${send.clientId}`
    const [row, ...more] = rows.get(name) ?? []
    const answers = send.attempts.flatMap(({ answer }) => answer ?? [])
    if (more.length > 0) return [{ kind: 'doubled', detail: `${more.length + 1} rows for ${name}` }]
    const [first] = answers
    if (!first) return []
    if (!row) return [{ kind: 'lost', detail: `acknowledged, and no row: ${name}` }]
    const others = answers.filter(({ id, seq }) => id !== row.id || seq !== row.seq)
    return others.map(({ id, seq }) => ({
      kind: 'doubled',
      detail: `${name} is ${row.id}#${row.seq}, and was answered with ${id}#${seq}`,
    }))
  })
}

/** On one connection nothing comes twice, and numbers of a stream only rise. */
function checkConnections({ name, sights }: ClientRecord): Defect[] {
  const newest = new Map<string, number>()
  return sights.flatMap((sight): Defect[] => {
    const { connection, stream, seq } = sight
    const key = `${connection}/${stream}`
    const before = newest.get(key) ?? 0
    newest.set(key, Math.max(seq, before))
    if (seq > before) return []
    const where = `${name}, connection ${connection}: ${placeOf(sight)}`
    if (seq === before) return [{ kind: 'doubled', detail: `${where} twice` }]
    return [{ kind: 'reordered', detail: `${where} after #${before}` }]
  })
}

/**
 * Across connections facts may come again, those from before it began, too; what is new comes in order. So may what was
 * said while somebody was out who is in again: they need not see it, and drop it by its number.
 */
function checkOrder({ name, userId, sights, since }: ClientRecord, history: History): Defect[] {
  const entitlement = entitlementOf(userId, history)
  const seen = new Set<string>()
  const newest = new Map<string, number>()
  return sights.flatMap((sight): Defect[] => {
    const place = placeOf(sight)
    if (seen.has(place) || sight.seq <= (since.get(sight.stream) ?? 0)) return []
    if (!entitlement.must(sight.stream, sight.seq)) return []
    seen.add(place)
    const before = newest.get(sight.stream) ?? 0
    newest.set(sight.stream, Math.max(sight.seq, before))
    if (sight.seq > before) return []
    return [{ kind: 'reordered', detail: `${name}: ${place} was new after #${before}` }]
  })
}

/** What was seen under a number is what the log says there. */
function checkContent({ name, sights }: ClientRecord, log: ReadonlyMap<string, string>): Defect[] {
  return sights.flatMap((sight): Defect[] => {
    const place = placeOf(sight)
    const content = log.get(place)
    if (content === sight.content) return []
    const held = content === undefined ? 'nothing' : `"${content}"`
    return [
      {
        kind: 'doubled',
        detail: `${name}: ${place} "${sight.content}", the log has ${held} there`,
      },
    ]
  })
}

function checkEntitlement(client: ClientRecord, history: History): Defect[] {
  const { name, sights, since } = client
  const entitlement = entitlementOf(client.userId, history)
  const seen = new Set(sights.map(placeOf))
  const leaked = sights
    .filter((sight) => !entitlement.may(sight.stream, sight.seq))
    .map((sight): Defect => ({ kind: 'leaked', detail: `${name}: ${placeOf(sight)}` }))
  const lost = history.facts
    .filter(({ stream, seq }) => seq > (since.get(stream) ?? Infinity))
    .filter(({ stream, seq }) => entitlement.must(stream, seq))
    .filter((fact) => !seen.has(placeOf(fact)))
    .map((fact): Defect => ({ kind: 'lost', detail: `${name}: ${placeOf(fact)} never came` }))
  return [...leaked, ...lost]
}
