import type { Server } from '../../../server/features/server/server.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { ChoiceCards } from '~/ui/choice-cards.tsx'
import { TextArea } from '~/ui/text-area.tsx'
import { TextField } from '~/ui/text-field.tsx'

const policies = ['open', 'domains', 'invitation'] as const

/** What the server is called and who may sign up. Admins read it; only owners change it. */
export function ServerForm({ server, editable }: { server: Server; editable: boolean }) {
  const state = useFormState('server')
  const text = strings.server
  return (
    <ActionForm state={state} className="group flex flex-col gap-6">
      <TextField
        label={text.name}
        hint={text.nameHint}
        name="name"
        required
        maxLength={60}
        autoComplete="off"
        dir="auto"
        disabled={!editable}
        defaultValue={state.value('name') ?? server.name}
        error={state.error('name')}
      />
      <ChoiceCards
        key={server.signUp}
        legend={text.signUp}
        name="signUp"
        disabled={!editable}
        chosen={policies.find((each) => each === state.value('signUp')) ?? server.signUp}
        choices={policies.map((value) => ({ value, ...text.policies[value] }))}
      />
      {/* Only where it matters: the chosen card says so, with or without JavaScript. */}
      <div className="hidden group-has-[[value=domains]:checked]:block">
        <TextArea
          label={text.domains}
          hint={text.domainsHint}
          name="signUpDomains"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          disabled={!editable}
          defaultValue={state.value('signUpDomains') ?? server.signUpDomains.join('\n')}
          error={state.error('signUpDomains')}
        />
      </div>
      {editable ? <Submit state={state}>{text.save}</Submit> : null}
    </ActionForm>
  )
}
