import { CopyField } from '~/ui/copy-field.tsx'
import { strings } from './strings.ts'
import type { FormState } from './use-form-state.ts'

/** What a form just made and nobody gets to see again: announced, and there to be copied. */
export function MadeOnce({
  state,
  label,
  hint,
}: {
  state: FormState
  label: string
  hint: string
}) {
  const made = state.result?.made
  const { copy, copied, copyFailed } = strings.forms
  return (
    <div role="status" className="empty:hidden">
      {made ? (
        <div className="surface-in mt-5 rounded-lg border-2 border-accent bg-surface p-4">
          <CopyField
            key={made}
            label={label}
            hint={hint}
            value={made}
            copyLabel={copy}
            copiedLabel={copied}
            failedLabel={copyFailed}
          />
        </div>
      ) : null}
    </div>
  )
}
