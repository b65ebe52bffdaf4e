import type { DefectKind } from './check/history.ts'
import type { Fault, StageResult } from './fault.ts'

/** One fault, played. */
export interface FaultResult extends StageResult {
  fault: Fault
  /** Processes that ended and were not killed. */
  deaths: readonly string[]
  /** What ended it before its time. */
  broke: string | null
  seconds: number
}

const kinds: readonly DefectKind[] = ['lost', 'doubled', 'reordered', 'leaked']
const mostExamples = 5

/** What a fault came to, in lines for people. */
export function describeFault(result: FaultResult): string {
  const { fault, bounds, deaths, broke, seconds } = result
  const lines = [`\n${fault.title} (${fault.name}, ${seconds.toFixed(0)} s)`]
  if (broke !== null) lines.push(`  ✗ it broke off: ${broke}`)
  lines.push(`  ${isClean(result) ? '✓' : '✗'} ${commonLine(result)}`)
  lines.push(`    tries: ${triesLine(result)}`)
  for (const death of deaths) lines.push(`      ${death}`)
  for (const kind of kinds)
    for (const { detail } of defectsOf(result, kind).slice(0, mostExamples))
      lines.push(`      ${kind}: ${detail}`)
  for (const { what, measured, limit, holds } of bounds)
    lines.push(`  ${holds ? '✓' : '✗'} ${what}: ${measured} (${limit})`)
  return lines.join('\n')
}

/** The last line, how many cases there were (the common line of each fault, and each bound), and which failed. */
export function summaryLine(
  results: readonly FaultResult[],
  run: { seed: number; kind: string; planned: number },
): { line: string; passed: number; failed: number; failures: string[] } {
  const cases = results.flatMap((result) => [
    { holds: isClean(result), what: result.broke ?? commonLine(result), fault: result.fault },
    ...result.bounds.map(({ holds, what, measured, limit }) => ({
      ...{ holds, what: `${what}: ${measured} (${limit})`, fault: result.fault },
    })),
  ])
  const passed = cases.filter(({ holds }) => holds).length
  const failures = cases
    .filter(({ holds }) => !holds)
    .map(({ fault, what }) => `${fault.name}: ${what}`)
  const notPlayed = run.planned - results.length
  if (notPlayed > 0) failures.push(`not played: ${notPlayed} of ${run.planned} faults`)
  const failed = cases.length - passed + notPlayed
  const line = `\nchaos: ${run.kind} run, seed ${run.seed}: ${passed} passed, ${failed} failed`
  return { line, passed, failed, failures }
}

function isClean(result: FaultResult): boolean {
  return (
    result.broke === null &&
    result.deaths.length === 0 &&
    kinds.every((kind) => defectsOf(result, kind).length === 0)
  )
}

function commonLine(result: FaultResult): string {
  const { reports, deaths } = result
  const sends = reports.flatMap((report) => report.sends)
  const seen = reports.flatMap(({ clients }) => clients.map(({ sights }) => sights.length))
  const total = seen.reduce((sum, count) => sum + count, 0)
  const counts = kinds.map((kind) => `${defectsOf(result, kind).length} ${kind}`).join(', ')
  const ends = sends.map(({ attempts }) => attempts.at(-1)?.outcome)
  const refused = ends.filter((outcome) => outcome === 'refused').length
  const unsettled = ends.filter((outcome) => outcome !== 'ok').length - refused
  return (
    `${counts}, ${deaths.length} died; ${sends.length} sends (${refused} refused, ${unsettled} without an answer ` +
    `in the end), ${seen.length} clients saw ${total} facts`
  )
}

/** How often each outcome came, with its reason: what a bound that did not hold is explained by. */
function triesLine({ reports }: FaultResult): string {
  const attempts = reports.flatMap(({ sends }) => sends.flatMap((send) => send.attempts))
  const groups = Map.groupBy(attempts, ({ outcome, reason }) =>
    reason === undefined ? outcome : `${outcome} (${reason})`,
  )
  const counted = [...groups].sort(([, a], [, b]) => b.length - a.length)
  return counted.map(([name, { length }]) => `${length} ${name}`).join(', ')
}

function defectsOf({ reports }: FaultResult, kind: DefectKind) {
  return reports.flatMap(({ defects }) => defects.filter((defect) => defect.kind === kind))
}
