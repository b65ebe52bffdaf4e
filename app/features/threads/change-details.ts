import { redirect, type AppLoadContext } from '@remix-run/server-runtime'
import type { ParticipantRole } from '../../../server/features/threads/threads.schema.ts'
import { FieldError, textOf, type FormOutcome } from '~/lib/form-result.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { chosenPeople } from '../people/chosen-people.ts'

/** What the forms on a thread's page of details ask for. */
export async function changeDetails(
  api: AppLoadContext['api'],
  threadId: string,
  form: FormData,
): Promise<FormOutcome> {
  const { threads } = api
  const text = strings.places.details
  const userId = textOf(form, 'userId')
  switch (textOf(form, 'intent')) {
    case 'about':
      await threads.update({
        threadId,
        title: textOf(form, 'title'),
        topic: textOf(form, 'topic'),
      })
      return
    case 'add': {
      const userIds = await chosenPeople(api, form)
      if (userIds.length === 0) throw new FieldError({ people: text.addNeeded })
      await threads.participants.add({ threadId, userIds })
      return
    }
    case 'role': {
      const role = textOf(form, 'role') as ParticipantRole
      const { participant } = await threads.participants.setRole({ threadId, userId, role })
      return { said: text.roleChanged(participant.person.name, text.roles[participant.role]) }
    }
    case 'remove':
      await threads.participants.remove({ threadId, userId })
      return { said: text.removed(textOf(form, 'name')) }
    case 'archive':
      await threads.archive({ threadId, archived: true })
      return
    case 'restore':
      await threads.archive({ threadId, archived: false })
      return
    case 'leave':
      await threads.leave({ threadId })
      return redirect(paths.threads)
    default:
      throw new Response(null, { status: 400 })
  }
}
