import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { ActionForm, Submit } from '~/lib/action-form.tsx'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Disclosure } from '~/ui/disclosure.tsx'

/** Puts a thread away, or brings it back. Nothing is lost by it, so nothing is asked. */
export function ArchiveForm({ archived }: { archived: boolean }) {
  const state = useFormState(archived ? 'restore' : 'archive')
  const text = strings.places.details
  return (
    <ActionForm state={state}>
      <Submit
        state={state}
        variant="secondary"
        pendingText={archived ? text.restoring : text.archiving}
        doneText={null}
      >
        {archived ? text.restore : text.archive}
      </Submit>
    </ActionForm>
  )
}

/** Leaves a thread, after saying what that means. */
export function LeaveForm({ kind }: { kind: MyThread['kind'] }) {
  const state = useFormState('leave')
  const text = strings.places.details
  return (
    <Disclosure summary={text.leave} tone="danger">
      <ActionForm state={state} className="flex flex-col items-start gap-3">
        <p className="max-w-prose">{kind === 'open' ? text.leaveOpen : text.leavePrivate}</p>
        <Submit state={state} variant="danger" pendingText={text.leaving} doneText={null}>
          {text.leaveNow}
        </Submit>
      </ActionForm>
    </Disclosure>
  )
}
