import { useParams, useRouteLoaderData, useSearchParams, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type AppLoadContext,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { ThreadPage } from '~/features/threads/thread-page.tsx'
import { asPage } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import type { loader as shellLoader } from '../../route.tsx'

const pageSize = 50

/** The thread and the page of messages to begin with: at the unread line, or around a message. */
export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { api, info } = context
  const threadId = params['threadId'] ?? ''
  const messageId = new URL(request.url).searchParams.get('message')
  return asPage(request, async () => {
    const { thread } = await api.threads.get({ threadId })
    const around = messageId
      ? await seqOf(api, threadId, messageId)
      : thread.unread > pageSize / 2
        ? thread.readSeq
        : undefined
    const page = await api.messages.list({ threadId, around, limit: pageSize })
    // A form that is posted twice before JavaScript is there is the same send.
    return { thread, page, clientId: crypto.randomUUID(), serverName: info.name }
  })
}

async function seqOf(api: AppLoadContext['api'], threadId: string, messageId: string) {
  const { message } = await api.messages.get({ messageId })
  if (message.threadId !== threadId) throw new Response(null, { status: 404 })
  return message.seq
}

/** In the browser everything comes from what is live; nothing is asked of the server for a change of place. */
export async function clientLoader() {
  return null
}

/** The composer without JavaScript. */
export async function action({ context, params, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const threadId = params['threadId'] ?? ''
  const text = form.get('text')
  const clientId = form.get('clientId')
  if (typeof text !== 'string' || typeof clientId !== 'string' || text.trim() === '')
    return redirect(paths.thread(threadId))
  return asPage(request, async () => {
    await context.api.messages.send({ threadId, clientId, text })
    return redirect(paths.thread(threadId))
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: data
      ? strings.threads.documentTitle(
          data.thread.title ?? strings.threads.direct,
          data.serverName,
          data.thread.unread,
        )
      : strings.shell.product,
  },
]

export default function Thread() {
  const { threadId = '' } = useParams()
  const [search] = useSearchParams()
  const clientId = useRouteLoaderData<typeof loader>(
    'routes/_shell/threads/$threadId/route',
  )?.clientId
  const serverName = useRouteLoaderData<typeof shellLoader>('routes/_shell/route')?.serverName
  return (
    <ThreadPage
      key={threadId}
      threadId={threadId}
      messageId={search.get('message')}
      formClientId={clientId ?? ''}
      serverName={serverName ?? strings.shell.product}
    />
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
