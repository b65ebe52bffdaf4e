import { Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/server-runtime'
import { AuthPage, TextLink } from '~/features/accounts/auth-page.tsx'
import { signUpAction } from '~/features/accounts/sign-up-action.ts'
import { SignUpForm } from '~/features/accounts/sign-up-form.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'

export function loader({ context: { viewer, info }, params }: LoaderFunctionArgs) {
  return { serverName: info.name, viewer: viewer?.name ?? null, code: params['code'] ?? '' }
}

export function action(args: ActionFunctionArgs) {
  return signUpAction(args)
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, signUp } = strings.accounts
  return [{ title: pageTitle(signUp.titleInvited, data?.serverName ?? strings.shell.product) }]
}

export default function Join() {
  const { serverName, viewer, code } = useLoaderData<typeof loader>()
  const text = strings.accounts.signUp
  if (viewer !== null) {
    return (
      <AuthPage serverName={serverName} title={text.alreadyTitle} lead={text.alreadyText(viewer)}>
        <Button asChild variant="primary" size="lg">
          <Link to={paths.threads}>{text.alreadyAction}</Link>
        </Button>
      </AuthPage>
    )
  }
  return (
    <AuthPage
      serverName={serverName}
      title={text.titleInvited}
      lead={text.leadInvited(serverName)}
      footer={
        <>
          {text.other} <TextLink to={paths.signIn()}>{text.otherAction}</TextLink>
        </>
      }
    >
      <SignUpForm to={null} invitation={code} />
    </AuthPage>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
