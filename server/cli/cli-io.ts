/** Where a verb writes, so that tests can read it. */
export interface CliIo {
  /** One line of what was asked for. */
  out(line: string): void
  /** One line of what went wrong or is going on. */
  error(line: string): void
  /** Whether `out` goes to a terminal that shows colours (NO_COLOR is honoured). */
  colour: boolean
  /** Whether a person reads along. */
  interactive: boolean
}

export function processIo(): CliIo {
  const { stdout, stderr, stdin } = process
  return {
    out: (line) => void stdout.write(`${line}\n`),
    error: (line) => void stderr.write(`${line}\n`),
    colour: stdout.isTTY && stdout.hasColors(),
    interactive: stdout.isTTY && stdin.isTTY,
  }
}
