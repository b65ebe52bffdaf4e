import { useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { AuthPage, TextLink } from '~/features/accounts/auth-page.tsx'
import { signUpAction } from '~/features/accounts/sign-up-action.ts'
import { SignUpForm } from '~/features/accounts/sign-up-form.tsx'
import { paths } from '~/lib/paths.ts'
import { safePath } from '~/lib/safe-path.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'

export function loader({ context: { viewer, info }, request }: LoaderFunctionArgs) {
  const to = new URL(request.url).searchParams.get('to')
  if (viewer) throw redirect(safePath(to, paths.threads))
  return { to, serverName: info.name, fresh: info.fresh, signUp: info.signUp }
}

export function action(args: ActionFunctionArgs) {
  return signUpAction(args)
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, signUp } = strings.accounts
  return [{ title: pageTitle(signUp.title, data?.serverName ?? strings.shell.product) }]
}

export default function SignUp() {
  const { to, serverName, fresh, signUp } = useLoaderData<typeof loader>()
  const text = strings.accounts.signUp
  const notice = fresh
    ? text.leadFresh
    : signUp === 'invitation'
      ? text.invitationNeeded
      : signUp === 'domains'
        ? text.domains
        : null
  return (
    <AuthPage
      serverName={serverName}
      title={fresh ? text.titleFresh : text.title}
      lead={fresh ? undefined : text.lead(serverName)}
      footer={
        fresh ? undefined : (
          <>
            {text.other} <TextLink to={paths.signIn(to ?? undefined)}>{text.otherAction}</TextLink>
          </>
        )
      }
    >
      {notice ? <Banner className="mb-6">{notice}</Banner> : null}
      <SignUpForm to={to} asksForInvitation={signUp === 'invitation'} />
    </AuthPage>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
