/** Where a fact stands in the log, in one word. */
export function placeOf({ stream, seq }: { stream: string; seq: number }): string {
  return `${stream}#${seq}`
}
