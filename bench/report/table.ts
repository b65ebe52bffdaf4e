/** Markdown, so that it can stand in the docs as it is printed. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [
    line(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n')
}

/** Three digits that count, thousands apart: 133,000, 10.6, 0.86. */
export function round(value: number): string {
  if (Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2
  const factor = size >= 1_000 ? 10 ** (Math.floor(Math.log10(size)) - 2) : 1
  return (size >= 1_000 ? Math.round(value / factor) * factor : value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}
