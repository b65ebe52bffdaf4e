import { Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { ChevronLeft } from 'lucide-react'
import type { Person, PersonRole } from '../../../../../server/features/people/people.schema.ts'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { findByHandle } from '~/features/people/find-by-handle.ts'
import { ManagePerson } from '~/features/people/manage-person.tsx'
import { Profile } from '~/features/people/profile.tsx'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { asPage, toSignIn } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function loader({ context, params, request }: LoaderFunctionArgs) {
  const { api, viewer, info } = context
  if (!viewer) throw toSignIn(request)
  const called = params['personId'] ?? ''
  return asPage(request, async () => {
    if (!uuid.test(called)) {
      const person = await findByHandle(api, called)
      if (!person) throw new Response(null, { status: 404 })
      throw redirect(paths.person(person.id))
    }
    const { person } = await api.people.get({ personId: called })
    return {
      person,
      viewer: { id: viewer.id, role: viewer.role },
      serverName: info.name,
      clientId: crypto.randomUUID(),
      servedAt: new Date().toISOString(),
    }
  })
}

export async function action({ context, params, request }: ActionFunctionArgs) {
  const { api } = context
  const form = await request.formData()
  const personId = params['personId'] ?? ''
  return answerForm({ context, request }, form, {}, async () => {
    switch (textOf(form, 'intent')) {
      case 'message': {
        const { thread } = await api.threads.create({
          clientId: textOf(form, 'clientId'),
          kind: 'direct',
          participantIds: [personId],
        })
        return redirect(paths.thread(thread.id))
      }
      case 'role':
        await api.people.setRole({ personId, role: textOf(form, 'role') as PersonRole })
        return
      case 'deactivate':
        await api.people.deactivate({ personId })
        return
      case 'reactivate':
        await api.people.reactivate({ personId })
        return
      default:
        throw new Response(null, { status: 400 })
    }
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: data
      ? strings.accounts.pageTitle(data.person.name, data.serverName)
      : strings.people.profile.title,
  },
]

export default function PersonPage() {
  const { person, viewer, clientId, servedAt } = useLoaderData<typeof loader>()
  useRevalidateOn(
    (event) => event.type === 'person.updated' && event.payload.person.id === person.id,
  )
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <div className="mx-auto w-full max-w-3xl px-4 pt-3 pb-20 sm:px-8 sm:pt-6">
        <Link
          to={paths.people}
          className="-ms-2 mb-4 inline-flex h-9 items-center gap-1 rounded-md ps-1 pe-3 text-sm font-semibold text-ink-soft hover:bg-hover hover:text-ink"
        >
          <ChevronLeft aria-hidden="true" className="size-4 rtl:-scale-x-100" />
          {strings.people.back}
        </Link>
        <Profile person={person} viewerId={viewer.id} clientId={clientId} servedAt={servedAt} />
        {mayManage(viewer, person) ? (
          <ManagePerson person={person} viewerRole={viewer.role} />
        ) : null}
      </div>
    </div>
  )
}

/** As the server has it: nobody manages themselves here, and only owners touch owners. */
function mayManage(viewer: { id: string; role: PersonRole }, person: Person): boolean {
  if (viewer.id === person.id || viewer.role === 'member') return false
  return viewer.role === 'owner' || person.role !== 'owner'
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
