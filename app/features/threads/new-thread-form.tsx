import { Link } from '@remix-run/react'
import { Hash, Lock, MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import type { ThreadKind } from '../../../server/features/threads/threads.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Button } from '~/ui/button.tsx'
import { ChoiceCards } from '~/ui/choice-cards.tsx'
import { TextField } from '~/ui/text-field.tsx'
import { PeoplePicker } from '../people/people-picker.tsx'
import { threadKinds } from './thread-kinds.ts'

const icons = { open: <Hash />, private: <Lock />, direct: <MessagesSquare /> }

export interface NewThreadFormProps {
  viewerId: string
  /** Makes it harmless to start the thread twice. */
  clientId: string
}

/** What the thread is about and for whom. Direct ones are called by their people, so they need no title. */
export function NewThreadForm({ viewerId, clientId }: NewThreadFormProps) {
  const state = useFormState('create-thread')
  const kept = threadKinds.find((kind) => kind === state.value('kind')) ?? 'open'
  const [kind, setKind] = useState<ThreadKind>(kept)
  const text = strings.places.create
  return (
    <ActionForm state={state} className="group flex flex-col gap-6">
      <input type="hidden" name="clientId" value={state.value('clientId') ?? clientId} />
      <ChoiceCards
        legend={text.kind}
        name="kind"
        columns={3}
        chosen={kept}
        onChange={setKind}
        choices={threadKinds.map((value) => ({
          value,
          icon: icons[value],
          ...text.kinds[value],
        }))}
      />
      {kind === 'direct' ? null : (
        <div className="flex flex-col gap-6 group-has-[[value=direct]:checked]:hidden">
          <TextField
            label={text.name}
            hint={text.nameHint}
            name="title"
            required
            maxLength={80}
            autoComplete="off"
            dir="auto"
            defaultValue={state.value('title')}
            error={state.error('title')}
          />
          <TextField
            label={`${text.topic} (${strings.forms.optional})`}
            hint={text.topicHint}
            name="topic"
            maxLength={250}
            autoComplete="off"
            dir="auto"
            defaultValue={state.value('topic')}
            error={state.error('topic')}
          />
        </div>
      )}
      <PeoplePicker
        label={kind === 'direct' ? text.people : `${text.people} (${strings.forms.optional})`}
        hint={text.peopleHint}
        without={[viewerId]}
        typed={state.value('people')}
        error={state.error('people')}
      />
      <div className="flex flex-wrap gap-2">
        <Submit state={state} pendingText={text.pending} doneText={null}>
          {text.submit}
        </Submit>
        <Button asChild variant="quiet">
          <Link to={paths.threads}>{text.cancel}</Link>
        </Button>
      </div>
    </ActionForm>
  )
}
