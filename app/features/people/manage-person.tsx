import type { Person, PersonRole } from '../../../server/features/people/people.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { ChoiceCards } from '~/ui/choice-cards.tsx'
import { Disclosure } from '~/ui/disclosure.tsx'
import { Section } from '~/ui/page.tsx'

const roles: readonly PersonRole[] = ['owner', 'admin', 'member']

/** What an owner or admin may do with somebody's account; only what the rules allow is offered. */
export function ManagePerson({ person, viewerRole }: { person: Person; viewerRole: PersonRole }) {
  const text = strings.people.manage
  const names = strings.people.roles
  const role = useFormState('role')
  const mayName = viewerRole === 'owner' && person.kind === 'person' && !person.deactivatedAt
  return (
    <div className="mt-10 border-t border-line pt-8">
      <Section title={text.title} lead={text.lead} bare>
        <div className="flex flex-col gap-8">
          {mayName ? (
            <ActionForm state={role} className="flex flex-col gap-4">
              <ChoiceCards
                key={person.role}
                legend={text.role}
                name="role"
                columns={3}
                chosen={person.role}
                choices={roles.map((value) => ({
                  value,
                  label: names[value],
                  hint: text.roleHints[value],
                }))}
              />
              <Submit state={role} variant="secondary" doneText={text.done}>
                {text.saveRole}
              </Submit>
            </ActionForm>
          ) : null}
          <AccountSwitch person={person} />
        </div>
      </Section>
    </div>
  )
}

function AccountSwitch({ person }: { person: Person }) {
  const text = strings.people.manage
  const off = useFormState('deactivate')
  const on = useFormState('reactivate')
  if (person.deactivatedAt) {
    return (
      <ActionForm state={on} className="flex flex-col items-start gap-3">
        <p className="text-sm text-ink-soft">{text.reactivateText(person.name)}</p>
        <Submit state={on} variant="secondary" doneText={null}>
          {text.reactivate}
        </Submit>
      </ActionForm>
    )
  }
  return (
    <Disclosure summary={text.deactivate} tone="danger">
      <ActionForm state={off} className="flex flex-col items-start gap-3">
        <p className="max-w-prose">{text.deactivateText(person.name)}</p>
        <Submit state={off} variant="danger" pendingText={text.deactivating} doneText={null}>
          {text.deactivateNow}
        </Submit>
      </ActionForm>
    </Disclosure>
  )
}
