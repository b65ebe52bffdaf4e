import {
  Outlet,
  useLoaderData,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import type { AppLoadContext, LoaderFunctionArgs } from '@remix-run/server-runtime'
import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { Shell } from '~/features/shell/shell.tsx'
import { ErrorPage } from '~/lib/error-page.tsx'
import { asPage, toSignIn } from '~/lib/page-errors.ts'
import type { loader as threadLoader } from './threads/$threadId/route.tsx'

/** What stands around every page of a signed-in person. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { api, viewer, info } = context
  if (!viewer) throw toSignIn(request)
  return asPage(request, async () => {
    // First the cursor, then what it goes on from: nothing falls between.
    const { cursor } = await api.events.cursor()
    const { messageLength } = info.limits
    return { viewer, serverName: info.name, cursor, messageLength, threads: await allThreads(api) }
  })
}

async function allThreads(api: AppLoadContext['api']): Promise<MyThread[]> {
  const threads: MyThread[] = []
  let after: string | undefined
  do {
    const page = await api.threads.list({ limit: 500, after })
    threads.push(...page.threads)
    after = page.next ?? undefined
  } while (after)
  return threads
}

/** Live facts keep all of this true; only who I am may change by a form. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formAction }) =>
  formAction !== undefined && !/^\/(?:threads|theme)(?:\/|$)/.test(formAction)

export default function SignedIn() {
  const data = useLoaderData<typeof loader>()
  const opened = useRouteLoaderData<typeof threadLoader>('routes/_shell/threads/$threadId/route')
  return (
    <Shell
      key={data.viewer.id}
      serverName={data.serverName}
      start={{ ...data, opened: opened ?? null }}
    >
      <Outlet />
    </Shell>
  )
}

export { ErrorPage as ErrorBoundary }
