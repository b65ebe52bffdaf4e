import { Monitor, Smartphone } from 'lucide-react'
import type { Session } from '../../../server/features/accounts/accounts.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Badge } from '~/ui/badge.tsx'
import { RelativeTime } from '~/ui/relative-time.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { deviceName, isHandheld } from './device-name.ts'

/** Where I am signed in, and how to end that anywhere. */
export function SessionList({ sessions }: { sessions: readonly Session[] }) {
  const others = useFormState('sign-out-others')
  const text = strings.accounts.account
  return (
    <>
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      <ActionForm state={others} className="mt-4 border-t border-line pt-4">
        {sessions.length > 1 || others.result ? (
          <Submit
            state={others}
            variant="secondary"
            pendingText={text.signingOut}
            doneText={text.othersSignedOut}
          >
            {text.signOutOthers}
          </Submit>
        ) : (
          <p className="text-sm text-ink-faint">{text.onlyHere}</p>
        )}
      </ActionForm>
    </>
  )
}

function SessionRow({ session }: { session: Session }) {
  const { id, userAgent, address, current, lastSeenAt, createdAt } = session
  const state = useFormState('sign-out-device', { name: 'sessionId', value: id })
  const text = strings.accounts.account
  const device = deviceName(userAgent)
  const Icon = isHandheld(userAgent) ? Smartphone : Monitor
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3.5 first:pt-0 last:pb-0">
      <span
        aria-hidden="true"
        className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg bg-sunken text-ink-soft"
      >
        <Icon className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-semibold">
          {device}
          {current ? <Badge tone="accent">{text.thisDevice}</Badge> : null}
        </p>
        <p className="text-sm text-ink-soft">
          {address ? <span className="break-all">{address} · </span> : null}
          {text.lastSeen} <RelativeTime at={lastSeenAt} />
        </p>
        <p className="text-sm text-ink-faint">
          {text.signedIn} <Timestamp at={createdAt} show="date" />
        </p>
      </div>
      {current ? null : (
        <ActionForm state={state}>
          <input type="hidden" name="sessionId" value={id} />
          <Submit
            state={state}
            variant="secondary"
            size="sm"
            pendingText={text.signingOut}
            doneText={null}
            aria-label={text.signOutNamed(device)}
          >
            {text.signOutDevice}
          </Submit>
        </ActionForm>
      )}
    </li>
  )
}
