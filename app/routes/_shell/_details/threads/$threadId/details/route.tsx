import { useLoaderData, type MetaFunction } from '@remix-run/react'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/server-runtime'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { changeDetails } from '~/features/threads/change-details.ts'
import { ThreadDetails } from '~/features/threads/thread-details.tsx'
import { threadName } from '~/features/threads/thread-name.ts'
import { answerForm } from '~/lib/form-result.ts'
import { asPage, toSignIn } from '~/lib/page-errors.ts'
import { strings } from '~/lib/strings.ts'

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { api, viewer, info } = context
  if (!viewer) throw toSignIn(request)
  const threadId = params['threadId'] ?? ''
  const after = new URL(request.url).searchParams.get('after') ?? undefined
  return asPage(request, async () => {
    const [{ thread }, page] = await Promise.all([
      api.threads.get({ threadId }),
      api.threads.participants.list({ threadId, after }),
    ])
    return {
      thread,
      page,
      later: after !== undefined,
      viewerId: viewer.id,
      serverName: info.name,
    }
  })
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { title, topic, userIds } = strings.places.wrong
  const texts = { fields: { title, topic, people: userIds } }
  return answerForm({ context, request }, form, texts, () =>
    changeDetails(context.api, params['threadId'] ?? '', form),
  )
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: data
      ? strings.accounts.pageTitle(
          strings.places.details.title(threadName(data.thread, data.viewerId)),
          data.serverName,
        )
      : strings.shell.product,
  },
]

export default function Details() {
  const data = useLoaderData<typeof loader>()
  const threadId = data.thread.id
  useRevalidateOn((event) => {
    if (event.type === 'person.updated') return true
    // Somebody took me out: the page is not mine to see any more.
    if (event.type === 'participation.ended') return event.payload.threadId === threadId
    return event.stream === threadId && /^(?:participant|thread)\./.test(event.type)
  })
  return <ThreadDetails {...data} />
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
