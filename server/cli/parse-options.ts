import type { z } from 'zod'
import { CliError, exitCodes } from './exit-code.ts'

/** What a verb was given, checked as the API checks it. @throws CliError naming all that is wrong. */
export function parseOptions<T extends z.ZodType>(schema: T, given: unknown): z.infer<T> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`)
  throw new CliError(lines.join('; '), exitCodes.usage)
}
