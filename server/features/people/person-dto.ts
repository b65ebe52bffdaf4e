import { sql, type Selectable } from 'kysely'
import type { UsersTable } from '../../../db/schema.ts'
import type { Author, Person, PersonStatus, Self } from './people.schema.ts'

/** What to select from `users` for each shape. Qualified, so that they serve in joins too. */
export const authorColumns = ['users.id', 'users.kind', 'users.name', 'users.handle'] as const
export const personColumns = [
  ...authorColumns,
  'users.role',
  'users.title',
  'users.timeZone',
  'users.statusText',
  'users.statusEmoji',
  'users.statusUntil',
  // Judged by the database: the clocks of two machines may differ.
  sql<boolean>`coalesce(users.status_until <= clock_timestamp(), false)`.as('statusOver'),
  'users.createdAt',
  'users.deactivatedAt',
] as const
export const selfColumns = [...personColumns, 'users.email'] as const

type UserRow = Selectable<UsersTable>
export type AuthorRow = Pick<UserRow, 'id' | 'kind' | 'name' | 'handle'>
export type PersonRow = AuthorRow &
  Pick<
    UserRow,
    | 'role'
    | 'title'
    | 'timeZone'
    | 'statusText'
    | 'statusEmoji'
    | 'statusUntil'
    | 'createdAt'
    | 'deactivatedAt'
  > & { statusOver: boolean }
export type SelfRow = PersonRow & Pick<UserRow, 'email'>

export function toAuthor(row: AuthorRow): Author {
  return { id: row.id, kind: row.kind, name: row.name, handle: row.handle }
}

/** What everyone may know: never carries the e-mail address, whatever the row has. */
export function toPerson(row: PersonRow): Person {
  return {
    ...toAuthor(row),
    role: row.role,
    title: row.title,
    timeZone: row.timeZone,
    status: toStatus(row),
    createdAt: row.createdAt.toISOString(),
    deactivatedAt: row.deactivatedAt?.toISOString() ?? null,
  }
}

export function toSelf(row: SelfRow): Self {
  return { ...toPerson(row), email: row.email }
}

/** A status whose time has passed is none; the row keeps it until the next one replaces it. */
function toStatus(row: PersonRow): PersonStatus | null {
  if (row.statusText === null && row.statusEmoji === null) return null
  if (row.statusOver) return null
  return {
    text: row.statusText ?? '',
    emoji: row.statusEmoji ?? '',
    until: row.statusUntil?.toISOString() ?? null,
  }
}
