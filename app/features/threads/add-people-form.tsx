import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { PeoplePicker } from '../people/people-picker.tsx'

/** Brings people into a thread. `present` are in it already. */
export function AddPeopleForm({ present }: { present: readonly string[] }) {
  const state = useFormState('add')
  const text = strings.places.details
  return (
    <ActionForm state={state} className="flex flex-col gap-3">
      <PeoplePicker
        // Empty again once they are in.
        key={present.join()}
        label={text.add}
        without={present}
        typed={state.value('people')}
        error={state.error('people')}
      />
      <Submit state={state} variant="secondary" pendingText={text.adding} doneText={text.added}>
        {text.addSubmit}
      </Submit>
    </ActionForm>
  )
}
