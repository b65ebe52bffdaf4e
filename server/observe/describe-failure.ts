/** What may be known of a failure: named fields only, since errors of libraries carry rows, inputs and passwords. */
interface Failure {
  type: string
  message: string
  stack?: string
  code?: string
  reason?: string
  table?: string
  constraint?: string
  cause?: Failure
  errors?: Failure[]
}

const kept = ['code', 'reason', 'table', 'constraint'] as const
const deepest = 5

/** An error as the log shows it. Row values (`detail` of Postgres), inputs and passwords in URLs stay out. */
export function describeFailure(error: unknown, depth = 0): Failure {
  if (!(error instanceof Error))
    return { type: typeof error, message: withoutPasswords(String(error)) }
  const failure: Failure = {
    type: error.constructor.name,
    message: withoutPasswords(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutPasswords(error.stack) }),
  }
  const fields: Partial<Record<string, unknown>> = { ...error }
  for (const key of kept) {
    const value = fields[key]
    if (typeof value === 'string') failure[key] = value
  }
  if (depth >= deepest) return failure
  if (error.cause !== undefined) failure.cause = describeFailure(error.cause, depth + 1)
  if (error instanceof AggregateError)
    failure.errors = error.errors.map((each: unknown) => describeFailure(each, depth + 1))
  return failure
}

/** `postgres://ada:secret@host` → `postgres://ada:***@host`, wherever it stands in a text. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s@/]+@/gi, '$1***@')
}
