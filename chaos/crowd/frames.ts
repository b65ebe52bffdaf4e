/** What comes over the wire, as far as a device cares. */
export interface FactItem {
  cursor: string
  events: { stream: string; seq: number; type: string; payload: unknown }[]
}

export interface Refusal {
  reason: string
  retryAfter?: number
}

export type Frame =
  | { kind: 'reconnect' }
  | { kind: 'facts'; item: FactItem }
  | { kind: 'answer'; id: unknown; answer: unknown }
  | { kind: 'refused'; id: unknown; error: Refusal }
  | { kind: 'other' }

interface Raw {
  id?: unknown
  method?: string
  error?: { data?: Refusal }
  result?: { type?: string; id?: string; data?: unknown }
}

/** The messages of one frame. @throws SyntaxError when it is not JSON: the server never sends such. */
export function readFrame(text: string): Frame[] {
  const value = JSON.parse(text) as Raw | Raw[]
  return (Array.isArray(value) ? value : [value]).map(toFrame)
}

function toFrame({ id, method, error, result }: Raw): Frame {
  if (method === 'reconnect') return { kind: 'reconnect' }
  if (error) return { kind: 'refused', id, error: error.data ?? { reason: 'INTERNAL' } }
  if (result?.type !== 'data') return { kind: 'other' }
  if (result.id === undefined) return { kind: 'answer', id, answer: result.data }
  return { kind: 'facts', item: (result.data as { data: FactItem }).data }
}
