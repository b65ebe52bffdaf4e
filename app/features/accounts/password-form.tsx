import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { PasswordField } from '~/ui/password-field.tsx'

/** Another password. `email` tells a password manager whose it is. */
export function PasswordForm({ email }: { email: string | null }) {
  const state = useFormState('password')
  const text = strings.accounts.account
  const { showPassword: showLabel, hidePassword: hideLabel } = strings.forms
  return (
    <ActionForm state={state} resets className="flex flex-col gap-5">
      <input
        type="text"
        name="username"
        autoComplete="username"
        value={email ?? ''}
        readOnly
        hidden
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <PasswordField
          label={text.currentPassword}
          name="currentPassword"
          autoComplete="current-password"
          required
          error={state.error('currentPassword')}
          {...{ showLabel, hideLabel }}
        />
        <PasswordField
          label={text.newPassword}
          hint={strings.accounts.signUp.passwordHint}
          name="newPassword"
          autoComplete="new-password"
          required
          error={state.error('newPassword')}
          {...{ showLabel, hideLabel }}
        />
      </div>
      <Submit state={state} doneText={text.passwordChanged}>
        {text.changePassword}
      </Submit>
    </ActionForm>
  )
}
