import { Link, useSubmit } from '@remix-run/react'
import { ChevronDown, UserMinus } from 'lucide-react'
import { useState } from 'react'
import type {
  MyThread,
  ParticipantRole,
  ParticipantsPage,
} from '../../../server/features/threads/threads.schema.ts'
import { canDo, outranks } from '../../../client/thread-rules.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Badge } from '~/ui/badge.tsx'
import { Button } from '~/ui/button.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { DropdownMenu, MenuChoices, MenuItem, MenuSeparator } from '~/ui/dropdown-menu.tsx'
import { useHydrated } from '~/ui/use-hydrated.ts'
import { PersonLine } from '../people/person-line.tsx'

const roles: readonly ParticipantRole[] = ['owner', 'moderator', 'member', 'guest']

export interface ParticipantRowProps {
  thread: MyThread
  viewerId: string
  participant: ParticipantsPage['participants'][number]
}

/** Somebody in a thread; their role and their going are offered to those who may change them. */
export function ParticipantRow({ thread, viewerId, participant }: ParticipantRowProps) {
  const { person, role } = participant
  const interactive = useHydrated()
  const text = strings.places.details
  const touchable = !outranks(role, thread.role)
  const mayName = touchable && canDo('setRole', thread.kind, thread.role)
  const mayRemove =
    touchable && person.id !== viewerId && canDo('removeParticipant', thread.kind, thread.role)
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Link
        to={paths.person(person.id)}
        className="-m-1.5 flex min-w-0 flex-1 rounded-lg p-1.5 hover:bg-hover"
      >
        <PersonLine
          person={person}
          marks={person.id === viewerId ? <Badge tone="accent">{text.you}</Badge> : null}
        />
      </Link>
      {interactive && (mayName || mayRemove) ? (
        <RoleMenu {...{ thread, participant, mayName, mayRemove }} />
      ) : thread.kind === 'direct' ? null : (
        <Badge>{text.roles[role]}</Badge>
      )}
    </li>
  )
}

interface RoleMenuProps extends Omit<ParticipantRowProps, 'viewerId'> {
  mayName: boolean
  mayRemove: boolean
}

function RoleMenu({ thread, participant: { person, role }, mayName, mayRemove }: RoleMenuProps) {
  const submit = useSubmit()
  const [asking, setAsking] = useState(false)
  const text = strings.places.details
  const post = (values: Record<string, string>) => {
    submit(
      { ...values, userId: person.id, name: person.name },
      { method: 'post', preventScrollReset: true },
    )
  }
  return (
    <>
      <DropdownMenu
        trigger={
          <Button size="sm" aria-label={`${text.roleOf(person.name)}: ${text.roles[role]}`}>
            {text.roles[role]}
            <ChevronDown aria-hidden="true" className="size-3.5 text-ink-faint" />
          </Button>
        }
      >
        {mayName ? (
          <MenuChoices
            label={text.roleOf(person.name)}
            value={role}
            onChange={(next) => post({ intent: 'role', role: next })}
            options={roles
              .filter((each) => !outranks(each, thread.role))
              .map((value) => ({
                value,
                label: `${text.roles[value]} · ${text.roleHints[value]}`,
              }))}
          />
        ) : null}
        {mayName && mayRemove ? <MenuSeparator /> : null}
        {mayRemove ? (
          <MenuItem tone="danger" icon={<UserMinus />} onSelect={() => setAsking(true)}>
            {text.removeNamed(person.name)}
          </MenuItem>
        ) : null}
      </DropdownMenu>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={text.removeTitle(person.name)}
        closeLabel={strings.shell.close}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>{text.keep}</Button>
            <Button
              variant="danger"
              onClick={() => {
                setAsking(false)
                post({ intent: 'remove' })
              }}
            >
              {text.remove}
            </Button>
          </>
        }
      >
        {text.removeText}
      </Dialog>
    </>
  )
}
