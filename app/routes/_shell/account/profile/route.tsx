import { useLoaderData, type MetaFunction } from '@remix-run/react'
import type {
  ActionFunctionArgs,
  AppLoadContext,
  LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { ProfileForm } from '~/features/people/profile-form.tsx'
import { StatusForm } from '~/features/people/status-form.tsx'
import { isStatusEnd, statusUntil } from '~/features/people/status-until.ts'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { timeZoneFrom } from '~/lib/locale.ts'
import { toSignIn } from '~/lib/page-errors.ts'
import { strings } from '~/lib/strings.ts'
import { Section } from '~/ui/page.tsx'

export function loader({ context: { viewer, info }, request }: LoaderFunctionArgs) {
  if (!viewer) throw toSignIn(request)
  return { viewer, serverName: info.name, zones: Intl.supportedValuesOf('timeZone') }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { name, handle } = strings.accounts.wrong
  const texts = {
    fields: { ...strings.people.wrong, name, handle },
    places: { HANDLE_TAKEN: 'handle' },
  }
  return answerForm({ context, request }, form, texts, async () => {
    const zone = context.viewer?.timeZone ?? timeZoneFrom(request.headers.get('cookie'))
    await change(context.api, form, zone)
  })
}

async function change(api: AppLoadContext['api'], form: FormData, timeZone: string) {
  switch (textOf(form, 'intent')) {
    case 'profile':
      await api.people.updateProfile({
        name: textOf(form, 'name'),
        handle: textOf(form, 'handle').replace(/^\s*@/, ''),
        title: textOf(form, 'title'),
        timeZone: textOf(form, 'timeZone') || null,
      })
      return
    case 'status': {
      const until = textOf(form, 'until')
      await api.people.setStatus({
        emoji: textOf(form, 'emoji'),
        text: textOf(form, 'text'),
        until: isStatusEnd(until) ? statusUntil(until, new Date(), timeZone) : null,
      })
      return
    }
    case 'suggested-status': {
      const key = textOf(form, 'suggestion')
      const suggestion = strings.people.status.suggested.find((each) => each.key === key)
      if (!suggestion) throw new Response(null, { status: 400 })
      const { emoji, text, until } = suggestion
      const end = isStatusEnd(until) ? statusUntil(until, new Date(), timeZone) : null
      await api.people.setStatus({ emoji, text, until: end })
      return
    }
    case 'clear-status':
      await api.people.setStatus({})
      return
    default:
      throw new Response(null, { status: 400 })
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.people.edit.title,
      data?.serverName ?? strings.shell.product,
    ),
  },
]

export default function EditProfile() {
  const { viewer, zones } = useLoaderData<typeof loader>()
  const { status, edit } = strings.people
  useRevalidateOn(
    (event) => event.type === 'person.updated' && event.payload.person.id === viewer.id,
  )
  return (
    <>
      <Section title={status.title} lead={status.lead}>
        <StatusForm status={viewer.status} />
      </Section>
      <Section title={edit.about} lead={edit.aboutLead}>
        <ProfileForm viewer={viewer} zones={zones} />
      </Section>
    </>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
