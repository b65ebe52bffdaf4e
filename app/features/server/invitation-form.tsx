import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { MadeOnce } from '~/lib/made-once.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Select } from '~/ui/select.tsx'
import { TextField } from '~/ui/text-field.tsx'

/** Hours that a link may live; 0 is for ever. */
const lifetimes = [168, 24, 720, 0]

/** A link for somebody who is not here yet; shown this once. */
export function InvitationForm() {
  const state = useFormState('create-invitation')
  const text = strings.server
  return (
    <>
      <ActionForm state={state} resets className="flex flex-col gap-4">
        <div className="grid items-start gap-4 sm:grid-cols-[1fr_8rem_11rem]">
          <TextField
            label={text.note}
            hint={text.noteHint}
            name="note"
            maxLength={100}
            autoComplete="off"
            dir="auto"
            defaultValue={state.value('note')}
            error={state.error('note')}
          />
          <TextField
            label={text.maxUses}
            hint={text.maxUsesHint}
            name="maxUses"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={state.value('maxUses')}
            error={state.error('maxUses')}
          />
          <Select
            label={text.ends}
            name="hours"
            defaultValue={state.value('hours') ?? '168'}
            error={state.error('hours')}
            options={lifetimes.map((hours) => ({
              value: String(hours),
              label: text.lifetimes[hours] ?? String(hours),
            }))}
          />
        </div>
        <Submit state={state} pendingText={text.creating} doneText={null}>
          {text.create}
        </Submit>
      </ActionForm>
      <MadeOnce state={state} label={text.made} hint={text.madeHint} />
    </>
  )
}
