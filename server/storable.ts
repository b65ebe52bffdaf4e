import type { z } from 'zod'

/**
 * Limits text to what Postgres can keep exactly as it was sent: no NUL (refused in text), no half of a surrogate
 * pair (refused in jsonb, silently replaced in text). Every free text of people goes through here.
 */
export function storable<T extends z.ZodString>(text: T): T {
  return text
    .refine((value) => !value.includes('\u0000'), 'NUL characters cannot be stored')
    .refine((value) => value.isWellFormed(), 'the text has half a character (a lone surrogate)')
}
