import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { PasswordField } from '~/ui/password-field.tsx'
import { TextField } from '~/ui/text-field.tsx'

/** The way back in. `to` is where to go afterwards. */
export function SignInForm({ to }: { to: string | null }) {
  const state = useFormState('sign-in')
  const { signUp, signIn } = strings.accounts
  return (
    <ActionForm state={state} className="flex flex-col gap-5">
      {to ? <input type="hidden" name="to" value={to} /> : null}
      <TextField
        label={signUp.email}
        name="email"
        type="email"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        defaultValue={state.value('email')}
        error={state.error('email')}
      />
      <PasswordField
        label={signUp.password}
        name="password"
        autoComplete="current-password"
        required
        showLabel={strings.forms.showPassword}
        hideLabel={strings.forms.hidePassword}
        error={state.error('password')}
      />
      <Submit state={state} size="lg" pendingText={signIn.pending} doneText={null}>
        {signIn.submit}
      </Submit>
    </ActionForm>
  )
}
