import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { PasswordField } from '~/ui/password-field.tsx'
import { TextField } from '~/ui/text-field.tsx'

export interface SignUpFormProps {
  /** Where to go afterwards. */
  to: string | null
  /** The code of the invitation link that led here. */
  invitation?: string | undefined
  /** Nobody comes in without one here, and this address had none. */
  asksForInvitation?: boolean | undefined
}

/** A new account. */
export function SignUpForm({ to, invitation, asksForInvitation }: SignUpFormProps) {
  const state = useFormState('sign-up')
  const text = strings.accounts.signUp
  return (
    <ActionForm state={state} className="flex flex-col gap-5">
      {to ? <input type="hidden" name="to" value={to} /> : null}
      {invitation ? <input type="hidden" name="invitation" value={invitation} /> : null}
      {asksForInvitation ? (
        <TextField
          label={text.invitation}
          name="invitation"
          autoComplete="off"
          spellCheck={false}
          defaultValue={state.value('invitation')}
          error={state.error('invitation')}
        />
      ) : null}
      <TextField
        label={text.name}
        hint={text.nameHint}
        name="name"
        autoComplete="name"
        required
        maxLength={80}
        dir="auto"
        defaultValue={state.value('name')}
        error={state.error('name')}
      />
      <TextField
        label={text.handle}
        hint={text.handleHint}
        name="handle"
        autoComplete="nickname"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={31}
        defaultValue={state.value('handle')}
        error={state.error('handle')}
      />
      <TextField
        label={text.email}
        hint={text.emailHint}
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
        label={text.password}
        hint={text.passwordHint}
        name="password"
        autoComplete="new-password"
        required
        showLabel={strings.forms.showPassword}
        hideLabel={strings.forms.hidePassword}
        error={state.error('password')}
      />
      <Submit state={state} size="lg" pendingText={text.pending} doneText={null}>
        {text.submit}
      </Submit>
    </ActionForm>
  )
}
