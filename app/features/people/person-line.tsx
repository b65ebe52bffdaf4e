import type { ReactNode } from 'react'
import type { Author, PersonStatus } from '../../../server/features/people/people.schema.ts'
import { strings } from '~/lib/strings.ts'
import { Avatar, type AvatarProps } from '~/ui/avatar.tsx'
import { Badge } from '~/ui/badge.tsx'
import { usePresence } from '../presence/use-presence.ts'
import { StatusText } from './status-text.tsx'

export interface PersonLineProps {
  person: Author & { title?: string; status?: PersonStatus | null }
  /** Badges after the name. */
  marks?: ReactNode
  size?: AvatarProps['size']
}

/** A person in a list: face with presence, name, handle, and what they are up to. */
export function PersonLine({ person, marks, size = 'md' }: PersonLineProps) {
  const presence = usePresence(person.kind === 'person' ? person.id : undefined)
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3">
      <Avatar id={person.id} name={person.name} size={size} presence={presence} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 leading-snug">
          <span className="max-w-full truncate font-semibold" dir="auto">
            {person.name}
          </span>
          <span className="truncate text-sm text-ink-faint">@{person.handle}</span>
          {person.kind === 'bot' ? <Badge>{strings.people.bot}</Badge> : null}
          {marks}
        </span>
        <span className="flex min-w-0 flex-wrap gap-x-2 text-sm text-ink-soft empty:hidden">
          {person.title ? (
            <span className="truncate" dir="auto">
              {person.title}
            </span>
          ) : null}
          {person.status ? <StatusText status={person.status} /> : null}
        </span>
      </span>
    </span>
  )
}
