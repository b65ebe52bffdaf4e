import { expect, test } from 'vitest'
import type { Bound } from './fault.ts'
import { describeFault, summaryLine, type FaultResult } from './report.ts'

const run = { seed: 7, kind: 'short', planned: 1 }
const good: Bound = { what: 'back', measured: '1 ms', limit: '≤ 5 ms', holds: true }

function played(more: Partial<FaultResult> = {}): FaultResult {
  const fault = { name: 'kill', title: 'kill -9', inShort: true, run: () => Promise.resolve() }
  const report = {
    history: { facts: [], stays: [], messages: [], serverStream: '' },
    ...{ clients: [], sends: [], defects: [], caughtUp: 0 },
  }
  return { fault, bounds: [good], reports: [report], deaths: [], broke: null, seconds: 1, ...more }
}

test('the common line is one case, and so is each bound', () => {
  expect(summaryLine([played()], run)).toMatchObject({ passed: 2, failed: 0 })
  const bounds = [good, { ...good, holds: false }]
  const failures = ['kill: back: 1 ms (≤ 5 ms)']
  expect(summaryLine([played({ bounds })], run)).toMatchObject({ passed: 2, failed: 1, failures })
})

test('a defect, a death, and breaking off each fail the common line', () => {
  const [report] = played().reports
  if (!report) throw new Error('a scene is missing')
  const leak = { ...report, defects: [{ kind: 'leaked' as const, detail: 'ben/1: thread#5' }] }
  for (const more of [{ reports: [leak] }, { deaths: ['instance-1'] }, { broke: 'it could not' }])
    expect(summaryLine([played(more)], run)).toMatchObject({ passed: 1, failed: 1 })
  expect(describeFault(played({ reports: [leak] }))).toContain('leaked: ben/1: thread#5')
})

test('a fault that was planned and not played has failed', () => {
  expect(summaryLine([played()], { ...run, planned: 3 })).toMatchObject({ passed: 2, failed: 2 })
})
