/** A call that the API refused on purpose, as an action of a page sees it. */
export interface Refusal {
  /** Stable name of why. */
  reason: string
  /** Said to people: what happened and what to do. */
  message: string
  /** HTTP status that belongs to it. */
  status: number
  /** Fields of the input that were not right; empty for every other reason. */
  fields: readonly string[]
}

const statuses: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
}

/** The refusal in what a call threw; null for what nobody expected, which is to be thrown on. */
export function refusalFrom(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  const status = typeof code === 'string' ? statuses[code] : undefined
  if (status === undefined) return null
  const { reason, issues } = (cause ?? {}) as { reason?: unknown; issues?: unknown }
  return {
    reason: typeof reason === 'string' ? reason : 'INPUT_INVALID',
    message: error.message,
    status,
    fields: Array.isArray(issues) ? issues.map(fieldOf) : [],
  }
}

function fieldOf(issue: unknown): string {
  const { path } = (issue ?? {}) as { path?: unknown }
  return Array.isArray(path) ? String(path[0] ?? '') : ''
}
