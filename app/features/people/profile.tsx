import { Link } from '@remix-run/react'
import { MessageSquare, Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Person } from '../../../server/features/people/people.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Avatar } from '~/ui/avatar.tsx'
import { PresenceDot } from '~/ui/presence-dot.tsx'
import { Badge } from '~/ui/badge.tsx'
import { Button } from '~/ui/button.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { usePresence } from '../presence/use-presence.ts'
import { LocalTime } from './local-time.tsx'
import { StatusText } from './status-text.tsx'

export interface ProfileProps {
  person: Person
  viewerId: string
  /** Makes starting the direct thread harmless to repeat. */
  clientId: string
  servedAt: string
}

/** Who somebody is, whether they are there, and the way to talk to them. */
export function Profile({ person, viewerId, clientId, servedAt }: ProfileProps) {
  const text = strings.people.profile
  const presence = usePresence(person.id)
  const { roles, deactivated, bot } = strings.people
  return (
    <div className="flex flex-col gap-6 sm:flex-row sm:gap-8">
      <Avatar id={person.id} name={person.name} size="xl" />
      <div className="min-w-0 flex-1">
        <h1 className="font-display text-2xl font-semibold tracking-tight break-words" dir="auto">
          {person.name}
        </h1>
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-soft">
          <span>@{person.handle}</span>
          {person.kind === 'bot' ? <Badge>{bot}</Badge> : null}
          {person.role === 'member' ? null : <Badge>{roles[person.role]}</Badge>}
          {person.deactivatedAt ? <Badge tone="danger">{deactivated}</Badge> : null}
          {presence && person.kind === 'person' && !person.deactivatedAt ? (
            <span className="inline-flex items-center gap-1.5 text-sm">
              <PresenceDot look={presence.look} className="size-2" />
              {presence.text}
            </span>
          ) : null}
        </p>
        <div className="mt-5">
          <Actions person={person} viewerId={viewerId} clientId={clientId} />
        </div>
        <dl className="mt-8 grid gap-x-8 gap-y-5 border-t border-line pt-6 sm:grid-cols-2">
          {person.status ? (
            <Fact name={text.status}>
              <StatusText status={person.status} />
              {person.status.until ? (
                <span className="block text-sm text-ink-faint">
                  {text.until} <Timestamp at={person.status.until} show="day" />{' '}
                  <Timestamp at={person.status.until} />
                </span>
              ) : null}
            </Fact>
          ) : null}
          {person.title ? (
            <Fact name={text.work}>
              <span dir="auto">{person.title}</span>
            </Fact>
          ) : null}
          {person.timeZone ? (
            <Fact name={text.localTime}>
              <LocalTime timeZone={person.timeZone} servedAt={servedAt} />
            </Fact>
          ) : null}
          <Fact name={text.since}>
            <Timestamp at={person.createdAt} show="date" />
          </Fact>
        </dl>
      </div>
    </div>
  )
}

function Actions({ person, viewerId, clientId }: Omit<ProfileProps, 'servedAt'>) {
  const state = useFormState('message')
  const text = strings.people.profile
  if (person.id === viewerId) {
    return (
      <Button asChild variant="primary">
        <Link to={paths.profile}>
          <Pencil aria-hidden="true" className="size-4" />
          {text.edit}
        </Link>
      </Button>
    )
  }
  if (person.deactivatedAt) return null
  return (
    <ActionForm state={state}>
      <input type="hidden" name="clientId" value={state.value('clientId') ?? clientId} />
      <Submit state={state} pendingText={text.messaging} doneText={null}>
        <MessageSquare aria-hidden="true" className="size-4" />
        {text.message}
      </Submit>
    </ActionForm>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm font-semibold text-ink-faint">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}
