import { KeyRound } from 'lucide-react'
import type { Token } from '../../../server/features/accounts/accounts.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { EmptyState } from '~/ui/empty-state.tsx'
import { RelativeTime } from '~/ui/relative-time.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'

/** The programs that may act as me. */
export function TokenList({ tokens }: { tokens: readonly Token[] }) {
  const text = strings.accounts.tokens
  if (tokens.length === 0) {
    return (
      <EmptyState icon={<KeyRound />} title={text.noneTitle}>
        {text.noneText}
      </EmptyState>
    )
  }
  return (
    <ul className="divide-y divide-line">
      {tokens.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
    </ul>
  )
}

function TokenRow({ token }: { token: Token }) {
  const state = useFormState('revoke-token', { name: 'tokenId', value: token.id })
  const text = strings.accounts.tokens
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3.5 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-semibold break-words" dir="auto">
          {token.name}
        </p>
        <p className="text-sm text-ink-soft">
          {token.lastUsedAt ? (
            <>
              {text.lastUsed} <RelativeTime at={token.lastUsedAt} />
            </>
          ) : (
            text.never
          )}
          {' · '}
          {token.expiresAt ? (
            <>
              {text.endsAt} <Timestamp at={token.expiresAt} show="date" />
            </>
          ) : (
            text.endsNever
          )}
        </p>
      </div>
      <ActionForm state={state}>
        <input type="hidden" name="tokenId" value={token.id} />
        <Submit
          state={state}
          variant="secondary"
          size="sm"
          pendingText={text.revoking}
          doneText={null}
          aria-label={text.revokeNamed(token.name)}
        >
          {text.revoke}
        </Submit>
      </ActionForm>
    </li>
  )
}
