import { z } from 'zod'
import { storable } from '../../storable.ts'

/** As the database writes it, since it is compared with what comes from there. */
export const id = z.uuid().toLowerCase()
/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime()
/** The same in what is handed out by the hundred, and comes from our own hand: to look at each again costs too much. */
export const givenId = z.string()
export const givenTime = z.string()

export const handle = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,28}[a-z0-9])?$/,
    'letters, digits, dot, dash and underscore; 1 to 30 characters',
  )
/** One line: what else stands in it would break the rows it stands in. */
export const personName = storable(z.string().trim().min(1).max(80)).refine(
  (name) => !/\p{Cc}/u.test(name),
  'line breaks and other control characters cannot be in a name',
)

/** Who wrote or did something, as it stands beside it. */
export const author = z.object({
  id: givenId,
  kind: z.enum(['person', 'bot']),
  name: z.string(),
  handle: z.string(),
})

export const status = z.object({
  text: z.string().max(100),
  emoji: z.string().max(16),
  until: isoTime.nullable(),
})

/** What everyone on the server may know of a person. Never the e-mail address. */
export const person = author.extend({
  role: z.enum(['owner', 'admin', 'member']),
  title: z.string(),
  timeZone: z.string().nullable(),
  status: status.nullable(),
  createdAt: isoTime,
  deactivatedAt: isoTime.nullable(),
})

/** What a person may know of themselves. */
export const self = person.extend({ email: z.string().nullable() })

export const searchInput = z.object({
  /** Matches the beginning of any word of the name, or of the handle. Empty lists everyone by name. */
  query: storable(z.string().trim().max(80)).default(''),
  limit: z.number().int().min(1).max(100).default(20),
  /** Also those who were deactivated. */
  deactivated: z.boolean().default(false),
  /** `next` of the page before. */
  after: id.optional(),
})
export const searchOutput = z.object({ people: z.array(person), next: id.nullable() })

export const getInput = z.object({ personId: id })
export const personOutput = z.object({ person })
export const selfOutput = z.object({ user: self })

const timeZone = z.string().max(60).refine(isTimeZone, 'a time zone such as Europe/Lisbon')

/** Asks Intl, which also knows the names that were replaced; Intl.supportedValuesOf has one name for each zone. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

export const updateProfileInput = z.object({
  name: personName.optional(),
  handle: handle.optional(),
  title: storable(z.string().trim().max(100)).optional(),
  timeZone: timeZone.nullable().optional(),
})
/** Empty text and emoji clear the status. */
export const setStatusInput = z.object({
  text: storable(z.string().trim().max(100)).default(''),
  emoji: storable(z.string().trim().max(16)).default(''),
  until: isoTime.nullable().default(null),
})

export const personRole = z.enum(['owner', 'admin', 'member'])
export const setRoleInput = z.object({ personId: id, role: personRole })

export type PersonRole = z.infer<typeof personRole>
export type SearchInput = z.infer<typeof searchInput>
export type UpdateProfileInput = z.infer<typeof updateProfileInput>
export type SetStatusInput = z.infer<typeof setStatusInput>
export type SetRoleInput = z.infer<typeof setRoleInput>
export type Author = z.infer<typeof author>
export type Person = z.infer<typeof person>
export type Self = z.infer<typeof self>
export type PersonStatus = z.infer<typeof status>
