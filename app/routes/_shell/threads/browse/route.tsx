import { Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { Compass, Plus, SearchX } from 'lucide-react'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { BrowsePage } from '~/features/threads/browse-page.tsx'
import { OpenThreadRow } from '~/features/threads/open-thread-row.tsx'
import { PageLinks } from '~/ui/page-links.tsx'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { asPage } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useSearchWhileTyping } from '~/lib/use-search-while-typing.ts'
import { Button } from '~/ui/button.tsx'
import { EmptyState } from '~/ui/empty-state.tsx'
import { SearchForm } from '~/ui/search-form.tsx'

export async function loader({ context, request }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams
  const query = search.get('q')?.trim() ?? ''
  const after = search.get('after') ?? undefined
  return asPage(request, async () => {
    const page = await context.api.threads.browse({ query, after })
    return { ...page, query, later: after !== undefined, serverName: context.info.name }
  })
}

/** Joins one. */
export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  return answerForm({ context, request }, form, {}, async () => {
    const { thread } = await context.api.threads.join({ threadId: textOf(form, 'threadId') })
    return redirect(paths.thread(thread.id))
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.places.browse.title,
      data?.serverName ?? strings.shell.product,
    ),
  },
]

export default function Browse() {
  const { threads, next, query, later } = useLoaderData<typeof loader>()
  const onType = useSearchWhileTyping()
  const text = strings.places.browse
  useRevalidateOn(
    ({ type }) => type.startsWith('open-thread.') || type.startsWith('participation.'),
  )
  return (
    <BrowsePage>
      <SearchForm
        label={text.search}
        placeholder={text.searchHint}
        submitLabel={strings.forms.search}
        query={query}
        onType={onType}
      />
      {threads.length === 0 ? (
        <Nothing query={query} />
      ) : (
        <ul className="mt-4 divide-y divide-line">
          {threads.map((thread) => (
            <OpenThreadRow key={thread.id} thread={thread} />
          ))}
        </ul>
      )}
      <PageLinks
        next={next}
        later={later}
        query={query}
        nextLabel={text.more}
        firstLabel={text.first}
      />
    </BrowsePage>
  )
}

function Nothing({ query }: { query: string }) {
  const text = strings.places.browse
  if (query !== '') {
    return (
      <EmptyState
        icon={<SearchX />}
        title={text.notFoundTitle}
        action={
          <Button asChild>
            <Link to={paths.browse}>{text.showAll}</Link>
          </Button>
        }
      >
        {text.notFoundText(query)}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Compass />}
      title={text.noneTitle}
      action={
        <Button asChild variant="primary">
          <Link to={paths.newThread}>
            <Plus aria-hidden="true" className="size-4" />
            {strings.threads.newThread}
          </Link>
        </Button>
      }
    >
      {text.noneText}
    </EmptyState>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
