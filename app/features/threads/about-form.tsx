import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { TextArea } from '~/ui/text-area.tsx'
import { TextField } from '~/ui/text-field.tsx'

/** Title and topic of a thread. */
export function AboutForm({ thread }: { thread: MyThread }) {
  const state = useFormState('about')
  const { create, details } = strings.places
  return (
    <ActionForm state={state} className="flex flex-col gap-5">
      <TextField
        label={create.name}
        name="title"
        required
        maxLength={80}
        autoComplete="off"
        dir="auto"
        defaultValue={state.value('title') ?? thread.title ?? ''}
        error={state.error('title')}
      />
      <TextArea
        label={`${create.topic} (${strings.forms.optional})`}
        hint={create.topicHint}
        name="topic"
        rows={2}
        maxLength={250}
        autoComplete="off"
        dir="auto"
        defaultValue={state.value('topic') ?? thread.topic}
        error={state.error('topic')}
      />
      <Submit state={state}>{details.save}</Submit>
    </ActionForm>
  )
}
