import { useLoaderData, type MetaFunction } from '@remix-run/react'
import type {
  ActionFunctionArgs,
  AppLoadContext,
  LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { InvitationForm } from '~/features/server/invitation-form.tsx'
import { InvitationList } from '~/features/server/invitation-list.tsx'
import { ServerForm } from '~/features/server/server-form.tsx'
import { answerForm, FieldError, textOf, type FormOutcome } from '~/lib/form-result.ts'
import { asPage, toSignIn } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'
import { Page, Section } from '~/ui/page.tsx'

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { api, viewer } = context
  if (!viewer) throw toSignIn(request)
  return asPage(request, async () => {
    // The list is for owners and admins: whoever may not read it gets the page that says so.
    const [{ invitations }, { server }] = await Promise.all([
      api.server.invitations.list(),
      api.server.get(),
    ])
    return {
      server,
      invitations,
      owner: viewer.role === 'owner',
      servedAt: new Date().toISOString(),
    }
  })
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  return answerForm({ context, request }, form, { fields: strings.server.wrong }, () =>
    change(context.api, form),
  )
}

async function change({ server }: AppLoadContext['api'], form: FormData): Promise<FormOutcome> {
  switch (textOf(form, 'intent')) {
    case 'server':
      await server.update(settingsIn(form))
      return
    case 'create-invitation': {
      const { url } = await server.invitations.create({
        note: textOf(form, 'note'),
        maxUses: numberIn(form, 'maxUses', ''),
        hours: numberIn(form, 'hours', '0'),
      })
      return { made: url }
    }
    case 'revoke-invitation':
      await server.invitations.revoke({ invitationId: textOf(form, 'invitationId') })
      return
    default:
      throw new Response(null, { status: 400 })
  }
}

function settingsIn(form: FormData) {
  const signUp = textOf(form, 'signUp') as 'open' | 'domains' | 'invitation'
  const signUpDomains = textOf(form, 'signUpDomains')
    .split(/[\s,;]+/)
    .map((domain) => domain.replace(/^@/, ''))
    .filter((domain) => domain !== '')
  if (signUp === 'domains' && signUpDomains.length === 0)
    throw new FieldError({ signUpDomains: strings.server.wrong.domainsNeeded })
  return { name: textOf(form, 'name'), signUp, signUpDomains }
}

/** `none` stands for no limit; what is no number is left for the schema to refuse. */
function numberIn(form: FormData, name: string, none: string): number | null {
  const text = textOf(form, name).trim()
  return text === none ? null : Number(text)
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: strings.accounts.pageTitle(
      strings.server.title,
      data?.server.name ?? strings.shell.product,
    ),
  },
]

export default function ServerSettings() {
  const { server, invitations, owner, servedAt } = useLoaderData<typeof loader>()
  const text = strings.server
  useRevalidateOn(({ type }) => type === 'server.updated')
  return (
    <Page
      title={text.title}
      lead={text.lead}
      back={{ to: paths.threads, label: strings.places.back }}
    >
      {owner ? null : <Banner className="mb-8">{text.adminsRead}</Banner>}
      <Section title={text.general}>
        <ServerForm server={server} editable={owner} />
      </Section>
      <Section title={text.invitations} lead={text.invitationsLead}>
        <InvitationForm />
      </Section>
      <Section title={text.given}>
        <InvitationList invitations={invitations} servedAt={servedAt} />
      </Section>
    </Page>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
