import { Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import type { LoaderFunctionArgs } from '@remix-run/server-runtime'
import { Archive } from 'lucide-react'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { useSession } from '~/features/shell/session-context.tsx'
import { BrowsePage } from '~/features/threads/browse-page.tsx'
import { threadName } from '~/features/threads/thread-name.ts'
import { asPage } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { EmptyState } from '~/ui/empty-state.tsx'
import { PageLinks } from '~/ui/page-links.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'

const pageSize = 50

export async function loader({ context, request }: LoaderFunctionArgs) {
  const after = new URL(request.url).searchParams.get('after') ?? undefined
  return asPage(request, async () => {
    const page = await context.api.threads.list({ archived: true, limit: pageSize, after })
    return { ...page, later: after !== undefined, serverName: context.info.name }
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.places.browse.archived,
      data?.serverName ?? strings.shell.product,
    ),
  },
]

export default function Archived() {
  const { threads, next, later } = useLoaderData<typeof loader>()
  const { viewer } = useSession()
  const { archived: text, browse } = strings.places
  useRevalidateOn(({ type }) => type === 'thread.archived' || type === 'thread.restored')
  const put = threads.filter((thread) => thread.archivedAt !== null)
  return (
    <BrowsePage>
      {put.length === 0 ? (
        <EmptyState icon={<Archive />} title={text.noneTitle}>
          {text.noneText}
        </EmptyState>
      ) : (
        <>
          <p className="text-sm text-ink-soft">{text.lead}</p>
          <ul className="mt-2 divide-y divide-line">
            {put.map((thread) => (
              <li key={thread.id}>
                <Link
                  to={paths.thread(thread.id)}
                  className="-mx-2 flex min-h-16 items-center gap-4 rounded-lg px-2 py-2.5 hover:bg-hover"
                >
                  <span
                    aria-hidden="true"
                    className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg bg-sunken text-ink-soft"
                  >
                    <Archive className="size-5" />
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-semibold" dir="auto">
                      {threadName(thread, viewer.id)}
                    </span>
                    {thread.archivedAt ? (
                      <span className="block text-sm text-ink-faint">
                        {text.on} <Timestamp at={thread.archivedAt} show="date" />
                      </span>
                    ) : null}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <PageLinks next={next} later={later} nextLabel={browse.more} firstLabel={browse.first} />
    </BrowsePage>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
