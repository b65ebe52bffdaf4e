import { Link2 } from 'lucide-react'
import type { Invitation } from '../../../server/features/server/server.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Badge } from '~/ui/badge.tsx'
import { EmptyState } from '~/ui/empty-state.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { invitationState } from './invitation-state.ts'

/** Every link that was given out. `servedAt` is when the list was read. */
export function InvitationList({
  invitations,
  servedAt,
}: {
  invitations: readonly Invitation[]
  servedAt: string
}) {
  const text = strings.server
  if (invitations.length === 0) {
    return (
      <EmptyState icon={<Link2 />} title={text.noInvitationsTitle}>
        {text.noInvitationsText}
      </EmptyState>
    )
  }
  return (
    <ul className="divide-y divide-line">
      {invitations.map((invitation) => (
        <InvitationRow key={invitation.id} invitation={invitation} now={new Date(servedAt)} />
      ))}
    </ul>
  )
}

function InvitationRow({ invitation, now }: { invitation: Invitation; now: Date }) {
  const { id, note, uses, maxUses, expiresAt } = invitation
  const state = useFormState('revoke-invitation', { name: 'invitationId', value: id })
  const text = strings.server
  const standing = invitationState(invitation, now)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3.5 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          <span className="min-w-0 break-words" dir="auto">
            {note || text.unnamed}
          </span>
          <Badge tone={standing === 'open' ? 'accent' : 'neutral'}>{text.states[standing]}</Badge>
        </p>
        <p className="text-sm text-ink-soft">
          {text.used(uses, maxUses)}
          {' · '}
          {expiresAt ? (
            <>
              {text.endsAt} <Timestamp at={expiresAt} show="date" />
            </>
          ) : (
            text.endsNever
          )}
        </p>
      </div>
      {standing === 'open' ? (
        <ActionForm state={state}>
          <input type="hidden" name="invitationId" value={id} />
          <Submit
            state={state}
            variant="secondary"
            size="sm"
            pendingText={text.revoking}
            doneText={null}
            aria-label={text.revokeNamed(note || text.unnamed)}
          >
            {text.revoke}
          </Submit>
        </ActionForm>
      ) : null}
    </li>
  )
}
