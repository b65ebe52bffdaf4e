import { useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { chosenPeople } from '~/features/people/chosen-people.ts'
import { NewThreadForm } from '~/features/threads/new-thread-form.tsx'
import { threadKinds } from '~/features/threads/thread-kinds.ts'
import { answerForm, FieldError, textOf } from '~/lib/form-result.ts'
import { toSignIn } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Page } from '~/ui/page.tsx'

export function loader({ context: { viewer, info }, request }: LoaderFunctionArgs) {
  if (!viewer) throw toSignIn(request)
  return { viewerId: viewer.id, clientId: crypto.randomUUID(), serverName: info.name }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { api } = context
  const form = await request.formData()
  const { title, topic, participantIds } = strings.places.wrong
  const texts = { fields: { title, topic, participantIds } }
  return answerForm({ context, request }, form, texts, async () => {
    const kind = threadKinds.find((each) => each === textOf(form, 'kind'))
    if (!kind) throw new Response(null, { status: 400 })
    const people = await chosenPeople(api, form)
    if (kind === 'direct' && people.length === 0)
      throw new FieldError({ people: strings.places.create.peopleNeeded })
    const named = { title: textOf(form, 'title'), topic: textOf(form, 'topic') }
    const { thread } = await api.threads.create({
      clientId: textOf(form, 'clientId'),
      kind,
      participantIds: people,
      ...(kind === 'direct' ? {} : named),
    })
    return redirect(paths.thread(thread.id))
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.places.create.title,
      data?.serverName ?? strings.shell.product,
    ),
  },
]

export default function NewThread() {
  const { viewerId, clientId } = useLoaderData<typeof loader>()
  const { title, lead } = strings.places.create
  return (
    <Page title={title} lead={lead} back={{ to: paths.threads, label: strings.places.back }}>
      <NewThreadForm viewerId={viewerId} clientId={clientId} />
    </Page>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
