import type { CarriedEvent } from './carried-event.ts'

/** Larger signals only ring the bell; nats-server refuses messages over 1 MiB. */
const largestSignal = 256 * 1024

/** One signal per stream for what was committed together: its events as lines of JSON, or nothing but the bell. */
export function joinSignals(
  events: readonly CarriedEvent[],
): { subject: string; signal: string }[] {
  const lines = new Map<string, string[]>()
  for (const { stream, json } of events) {
    const others = lines.get(stream)
    if (others) others.push(json)
    else lines.set(stream, [json])
  }
  return [...lines].map(([stream, texts]) => {
    const bytes = texts.reduce((sum, text) => sum + text.length, 0)
    return { subject: `log.${stream}`, signal: bytes > largestSignal ? '' : texts.join('\n') }
  })
}
