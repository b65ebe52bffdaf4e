import { Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import type { LoaderFunctionArgs } from '@remix-run/server-runtime'
import { UserRoundSearch } from 'lucide-react'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { PersonLine } from '~/features/people/person-line.tsx'
import { asPage } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { useSearchWhileTyping } from '~/lib/use-search-while-typing.ts'
import { Badge } from '~/ui/badge.tsx'
import { Button } from '~/ui/button.tsx'
import { EmptyState } from '~/ui/empty-state.tsx'
import { Page } from '~/ui/page.tsx'
import { SearchForm } from '~/ui/search-form.tsx'

const most = 100

export async function loader({ context, request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams.get('q')?.trim() ?? ''
  return asPage(request, async () => {
    const { people } = await context.api.people.search({ query, limit: most })
    return { query, people, viewerId: context.viewer?.id, serverName: context.info.name }
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.people.title,
      data?.serverName ?? strings.shell.product,
    ),
  },
]

export default function People() {
  const { query, people, viewerId } = useLoaderData<typeof loader>()
  const text = strings.people
  const onType = useSearchWhileTyping()
  useRevalidateOn(({ type }) => type === 'person.updated' || type === 'person.joined')
  return (
    <Page
      title={text.title}
      lead={text.lead}
      back={{ to: paths.threads, label: strings.places.back }}
    >
      <SearchForm
        label={text.search}
        placeholder={text.searchHint}
        submitLabel={strings.forms.search}
        query={query}
        onType={onType}
      />
      <p role="status" className="mt-3 text-sm text-ink-faint">
        {people.length === most ? text.foundMost(most) : text.found(people.length)}
      </p>
      {people.length === 0 ? (
        <EmptyState
          icon={<UserRoundSearch />}
          title={text.noneTitle}
          action={
            <Button asChild>
              <Link to={paths.people}>{text.showAll}</Link>
            </Button>
          }
        >
          {text.noneText(query)}
        </EmptyState>
      ) : (
        <ul className="mt-2 divide-y divide-line">
          {people.map((person) => (
            <li key={person.id}>
              <Link
                to={paths.person(person.id)}
                className="-mx-2 flex min-h-16 items-center gap-3 rounded-lg px-2 py-2.5 transition-colors hover:bg-hover"
              >
                <PersonLine
                  person={person}
                  marks={
                    <>
                      {person.id === viewerId ? <Badge tone="accent">{text.you}</Badge> : null}
                      {person.role === 'member' ? null : <Badge>{text.roles[person.role]}</Badge>}
                    </>
                  }
                />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
