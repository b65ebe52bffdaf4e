import { expect, test } from 'vitest'
import { check } from './check.ts'
import type { Attempt, ClientRecord, History, Send, Sight } from './history.ts'

/** Ada and Ben in a thread since its first two events, then three messages of Ada's. */
const history: History = {
  serverStream: 'server',
  facts: [
    { stream: 'thread', seq: 1, content: 'joined ada', at: 1 },
    { stream: 'thread', seq: 2, content: 'joined ben', at: 2 },
    { stream: 'thread', seq: 3, content: 'one', at: 3 },
    { stream: 'thread', seq: 4, content: 'two', at: 4 },
    { stream: 'thread', seq: 5, content: 'three', at: 5 },
    { stream: 'server', seq: 8, content: 'renamed', at: 6 },
    { stream: 'ben', seq: 1, content: 'joined a thread', at: 2 },
  ],
  stays: [
    { stream: 'thread', userId: 'ada', from: 1, to: null },
    { stream: 'thread', userId: 'ben', from: 2, to: null },
  ],
  messages: [
    { id: 'm1', seq: 3, threadId: 'thread', authorId: 'ada', clientId: 'a1' },
    { id: 'm2', seq: 4, threadId: 'thread', authorId: 'ada', clientId: 'a2' },
    { id: 'm3', seq: 5, threadId: 'thread', authorId: 'ada', clientId: 'a3' },
  ],
}

const since = new Map([
  ['thread', 2],
  ['server', 7],
  ['ben', 1],
])

const one = see(3, 'one')
const two = see(4, 'two')
const three = see(5, 'three')
const renamed: Sight = { connection: 1, stream: 'server', seq: 8, content: 'renamed', at: 10 }

function see(seq: number, content: string, connection = 1): Sight {
  return { connection, stream: 'thread', seq, content, at: 10 }
}

function ben(...sights: Sight[]): ClientRecord {
  return { name: 'ben/1', userId: 'ben', since, sights }
}

function sent(clientId: string, ...answers: ({ id: string; seq: number } | null)[]): Send {
  const attempts = answers.map((answer): Attempt => {
    const tried = { at: 0, took: 1, instance: 'instance-1', way: 'http' as const }
    return answer ? { ...tried, outcome: 'ok', answer } : { ...tried, outcome: 'unknown' }
  })
  return { authorId: 'ada', clientId, threadId: 'thread', attempts }
}

const everything = ben(one, two, three, renamed)

test('who saw everything once, in order, has no defect, and neither has who sent it', () => {
  const sends = [sent('a1', { id: 'm1', seq: 3 }), sent('a2', null, { id: 'm2', seq: 4 })]
  expect(check(history, [everything], sends)).toEqual([])
})

test('what a new connection repeats is no defect', () => {
  const again = ben(one, two, renamed, see(4, 'two', 2), see(5, 'three', 2))
  expect(check(history, [again], [])).toEqual([])
})

test('a cursor may repeat a little, also from before the client began', () => {
  const before = { ...one, connection: 2, seq: 2, content: 'joined ben' }
  expect(check(history, [ben(one, two, three, renamed, before)], [])).toEqual([])
})

test('lost: acknowledged, and not in the database', () => {
  expect(check(history, [], [sent('a9', { id: 'm9', seq: 9 })])).toEqual([
    { kind: 'lost', detail: 'acknowledged, and no row: ada/a9' },
  ])
})

test('a send that nobody answered may be there or not', () => {
  expect(check(history, [], [sent('a9', null), sent('a1', null)])).toEqual([])
})

test('lost: in the database, and never seen by somebody entitled', () => {
  expect(check(history, [ben(one, three, renamed)], [])).toEqual([
    { kind: 'lost', detail: 'ben/1: thread#4 never came' },
  ])
  expect(check(history, [ben(one, two, three)], [])).toEqual([
    { kind: 'lost', detail: 'ben/1: server#8 never came' },
  ])
})

test('lost: a hole in the log itself; doubled: a number given twice', () => {
  const facts = history.facts.filter(({ content }) => content !== 'two')
  const twice = [...history.facts, { stream: 'thread', seq: 5, content: 'three', at: 5 }]
  expect(check({ ...history, facts }, [], [])).toEqual([
    { kind: 'lost', detail: 'the log has a hole: thread#4 to 4' },
  ])
  expect(check({ ...history, facts: twice }, [], [])).toEqual([
    { kind: 'doubled', detail: 'the log has thread#5 more than once' },
  ])
})

test('doubled: two rows for one send', () => {
  const again = { id: 'm8', seq: 8, threadId: 'thread', authorId: 'ada', clientId: 'a1' }
  const messages = [...history.messages, again]
  expect(check({ ...history, messages }, [], [sent('a1', null)])).toEqual([
    { kind: 'doubled', detail: '2 rows for ada/a1' },
  ])
})

test('doubled: a repeated send was answered with another message', () => {
  const send = sent('a1', { id: 'm1', seq: 3 }, { id: 'm2', seq: 4 })
  expect(check(history, [], [send])).toEqual([
    { kind: 'doubled', detail: 'ada/a1 is m1#3, and was answered with m2#4' },
  ])
})

function refused(clientId: string, ...attempts: Partial<Attempt>[]): Send {
  const tried: Attempt = {
    ...{ at: 8_000, took: 1, instance: 'instance-1', way: 'http' },
    ...{ outcome: 'refused', reason: 'THREAD_NOT_FOUND' },
  }
  const all = attempts.map((attempt) => ({ ...tried, ...attempt }))
  return { authorId: 'ada', clientId, threadId: 'thread', attempts: all }
}

/** Ada was taken out with the fifth event, long before anybody was refused. */
const adaOut: History = {
  ...history,
  stays: [{ stream: 'thread', userId: 'ada', from: 1, to: 5 }],
}

test('who is not in the thread is refused, also while they are let out or have just been let in', () => {
  expect(check(adaOut, [], [refused('a9', {})])).toEqual([])
  expect(check(adaOut, [], [refused('a9', { at: 4, took: 2 })])).toEqual([])
  expect(check(history, [], [refused('a9', { at: 2 })])).toEqual([])
})

test('lost: refused, although its author was in the thread', () => {
  const defect = {
    kind: 'lost',
    detail: 'refused, although in the thread: ada/a9 (THREAD_NOT_FOUND)',
  }
  expect(check(history, [], [refused('a9', {})])).toEqual([defect])
  // Told before they were taken out.
  const facts = history.facts.map((fact) => (fact.seq === 5 ? { ...fact, at: 9_000 } : fact))
  expect(check({ ...adaOut, facts }, [], [refused('a9', {})])).toEqual([defect])
})

test('doubled: refused, and yet there is a row', () => {
  const defect = { kind: 'doubled', detail: 'refused, and yet a row: ada/a1 (THREAD_NOT_FOUND)' }
  expect(check(adaOut, [], [refused('a1', {})])).toEqual([defect])
  expect(check(adaOut, [], [refused('a1', { at: 1, outcome: 'unknown' }, {})])).toEqual([defect])
})

test('a row may be by a try that had no answer, later than another one was refused', () => {
  const facts = history.facts.map((fact) => (fact.seq === 3 ? { ...fact, at: 8_500 } : fact))
  const late = refused('a1', { at: 1, outcome: 'unknown' }, {})
  expect(check({ ...adaOut, facts }, [], [late])).toEqual([])
})

test('doubled: one connection brought a fact twice', () => {
  expect(check(history, [ben(one, two, two, three, renamed)], [])).toEqual([
    { kind: 'doubled', detail: 'ben/1, connection 1: thread#4 twice' },
  ])
})

test('doubled: another fact under the same number', () => {
  expect(check(history, [ben(one, see(4, 'too'), three, renamed)], [])).toEqual([
    { kind: 'doubled', detail: 'ben/1: thread#4 "too", the log has "two" there' },
  ])
  expect(check(history, [ben(one, two, three, see(6, 'four'), renamed)], [])).toEqual([
    { kind: 'doubled', detail: 'ben/1: thread#6 "four", the log has nothing there' },
  ])
})

test('reordered: on one connection', () => {
  expect(check(history, [ben(two, one, three, renamed)], [])).toEqual([
    { kind: 'reordered', detail: 'ben/1, connection 1: thread#3 after #4' },
    { kind: 'reordered', detail: 'ben/1: thread#3 was new after #4' },
  ])
})

test('reordered: a later connection brings what an earlier one had skipped', () => {
  const late = ben(one, three, renamed, see(4, 'two', 2), see(5, 'three', 2))
  expect(check(history, [late], [])).toEqual([
    { kind: 'reordered', detail: 'ben/1: thread#4 was new after #5' },
  ])
})

/** Ben was taken out with the fourth event. */
const removed: History = {
  ...history,
  stays: [{ stream: 'thread', userId: 'ben', from: 2, to: 4 }],
}

test('leaked: committed after the person was taken out', () => {
  expect(check(removed, [everything], [])).toEqual([{ kind: 'leaked', detail: 'ben/1: thread#5' }])
})

test('who was taken out sees everything up to and with that', () => {
  expect(check(removed, [ben(one, two, renamed)], [])).toEqual([])
  expect(check(removed, [ben(one, renamed)], [])).toEqual([
    { kind: 'lost', detail: 'ben/1: thread#4 never came' },
  ])
})

test('who was let in again may have seen what was said meanwhile, and must see what follows', () => {
  const stays = [
    { stream: 'thread', userId: 'ben', from: 2, to: 3 },
    { stream: 'thread', userId: 'ben', from: 5, to: null },
  ]
  expect(check({ ...history, stays }, [everything], [])).toEqual([])
  expect(check({ ...history, stays }, [ben(one, three, renamed)], [])).toEqual([])
  expect(check({ ...history, stays }, [ben(one, two, renamed)], [])).toEqual([
    { kind: 'lost', detail: 'ben/1: thread#5 never came' },
  ])
})

test('what was said meanwhile may come late to who was let in again; what they had to see may not', () => {
  const stays = [
    { stream: 'thread', userId: 'ben', from: 2, to: 3 },
    { stream: 'thread', userId: 'ben', from: 5, to: null },
  ]
  const late = ben(one, three, renamed, see(4, 'two', 2), see(5, 'three', 2))
  expect(check({ ...history, stays }, [late], [])).toEqual([])
  const lateForBen = ben(three, renamed, see(3, 'one', 2), see(5, 'three', 2))
  expect(check({ ...history, stays }, [lateForBen], [])).toEqual([
    { kind: 'reordered', detail: 'ben/1: thread#3 was new after #5' },
  ])
})

test('leaked: a thread, or a person, that is none of theirs', () => {
  const stranger: ClientRecord = { ...everything, name: 'cy/1', userId: 'cy' }
  expect(check(history, [stranger], []).map(({ kind }) => kind)).toEqual([
    'leaked',
    'leaked',
    'leaked',
  ])
  const peek: Sight = { ...one, stream: 'ben', seq: 1, content: 'joined a thread' }
  const ada: ClientRecord = {
    name: 'ada/1',
    userId: 'ada',
    since,
    sights: [one, two, three, renamed, peek],
  }
  expect(check(history, [ada], [])).toEqual([{ kind: 'leaked', detail: 'ada/1: ben#1' }])
})
