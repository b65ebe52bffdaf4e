import { Form, useLoaderData, useRouteLoaderData, type MetaFunction } from '@remix-run/react'
import type {
  ActionFunctionArgs,
  AppLoadContext,
  LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { LogOut } from 'lucide-react'
import { AppearanceForm } from '~/features/accounts/appearance-form.tsx'
import { PasswordForm } from '~/features/accounts/password-form.tsx'
import { SessionList } from '~/features/accounts/session-list.tsx'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { useSession } from '~/features/shell/session-context.tsx'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { asPage, toSignIn } from '~/lib/page-errors.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import type { loader as rootLoader } from '~/root.tsx'
import { Button } from '~/ui/button.tsx'
import { Section } from '~/ui/page.tsx'

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { api, viewer, info } = context
  if (!viewer) throw toSignIn(request)
  return asPage(request, async () => {
    const { sessions } = await api.auth.sessions.list()
    return { sessions, email: viewer.email, serverName: info.name }
  })
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { password, givenPassword } = strings.accounts.wrong
  const texts = {
    fields: { currentPassword: givenPassword, newPassword: password },
    places: { PASSWORD_WRONG: 'currentPassword', PASSWORD_TOO_COMMON: 'newPassword' },
  }
  return answerForm({ context, request }, form, texts, () => change(context.api, form))
}

async function change({ auth }: AppLoadContext['api'], form: FormData): Promise<void> {
  switch (textOf(form, 'intent')) {
    case 'password':
      await auth.changePassword({
        currentPassword: textOf(form, 'currentPassword'),
        newPassword: textOf(form, 'newPassword'),
      })
      return
    case 'sign-out-device':
      await auth.sessions.revoke({ sessionId: textOf(form, 'sessionId') })
      return
    case 'sign-out-others':
      await auth.sessions.revokeOthers()
      return
    default:
      throw new Response(null, { status: 400 })
  }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, account } = strings.accounts
  return [{ title: pageTitle(account.title, data?.serverName ?? strings.shell.product) }]
}

export default function SignInSettings() {
  const { sessions, email } = useLoaderData<typeof loader>()
  const theme = useRouteLoaderData<typeof rootLoader>('root')?.theme ?? 'system'
  const session = useSession()
  const text = strings.accounts.account
  useRevalidateOn(({ type }) => type === 'session.ended')
  return (
    <>
      <Section title={text.password} lead={text.passwordLead}>
        <PasswordForm email={email} />
      </Section>
      <Section title={text.sessions} lead={text.sessionsLead}>
        <SessionList sessions={sessions} />
      </Section>
      <Section title={text.appearance} lead={text.appearanceLead} bare>
        <AppearanceForm theme={theme} />
      </Section>
      <Form
        method="post"
        action={paths.signOut}
        onSubmit={() => session.forget()}
        className="border-t border-line pt-8"
      >
        <Button type="submit">
          <LogOut aria-hidden="true" className="size-4" />
          {text.leave}
        </Button>
      </Form>
    </>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
