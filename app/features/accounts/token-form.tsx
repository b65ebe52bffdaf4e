import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { MadeOnce } from '~/lib/made-once.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Select } from '~/ui/select.tsx'
import { TextField } from '~/ui/text-field.tsx'

/** Days that a token may live; 0 is for ever. */
const lifetimes = [90, 30, 365, 0]

/** A token for a program, and, this once, its secret. */
export function TokenForm() {
  const state = useFormState('create-token')
  const text = strings.accounts.tokens
  return (
    <>
      <ActionForm state={state} resets className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-[1fr_12rem]">
          <TextField
            label={text.name}
            hint={text.nameHint}
            name="name"
            required
            maxLength={80}
            autoComplete="off"
            dir="auto"
            defaultValue={state.value('name')}
            error={state.error('name')}
          />
          <Select
            label={text.ends}
            name="days"
            defaultValue={state.value('days') ?? '90'}
            options={lifetimes.map((days) => ({
              value: String(days),
              label: text.lifetimes[days] ?? String(days),
            }))}
          />
        </div>
        <Submit state={state} doneText={null}>
          {text.submit}
        </Submit>
      </ActionForm>
      <MadeOnce state={state} label={text.made} hint={text.madeHint} />
    </>
  )
}
