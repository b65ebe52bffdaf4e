import type { TargetName } from '../targets/target.ts'
import { judge } from './gates.ts'
import type { Figure } from './median.ts'
import { metrics, type Metric, type Results } from './results.ts'
import { round, table } from './table.ts'

/** All figures, then what was to be reached and what was. */
export function describeResults(results: Results, targets: readonly TargetName[]): string {
  const measured = (Object.keys(metrics) as Metric[]).filter((metric) =>
    targets.some((target) => results.find(target, metric)),
  )
  const figures = table(
    ['median (min – max)', ...targets],
    measured.map((metric) => [
      metrics[metric],
      ...targets.map((target) => describe(results.find(target, metric))),
    ]),
  )
  const verdicts = table(
    ['Skein against its peers', 'gate', 'aim', 'reached', 'ratio of a round', ''],
    judge(results).map(({ row, gate, aim, reached, ratios, mark }) => [
      row,
      gate,
      aim,
      round(reached),
      ratios,
      mark,
    ]),
  )
  const tables = measured.length > 0 ? [figures] : []
  if (measured.length > 0 && targets.includes('skein')) tables.push(verdicts)
  if (Object.keys(results.growth).length > 0) tables.push(describeGrowth(results))
  return tables.join('\n\n')
}

function describeGrowth({ growth }: Results): string {
  const head = [
    'Skein, cost of a message',
    'server CPU, µs',
    'per delivery, µs',
    'Postgres CPU, µs',
    'messages/s',
  ]
  return table(
    head,
    Object.entries(growth).map(([grown, result]) => [
      grown,
      round(result.serverMicros),
      round(result.deliveryMicros),
      round(result.postgresMicros),
      round(result.messagesPerSecond),
    ]),
  )
}

function describe(figure: Figure | undefined): string {
  if (!figure) return '–'
  const { median, min, max } = figure
  return min === max ? round(median) : `${round(median)} (${round(min)} – ${round(max)})`
}
