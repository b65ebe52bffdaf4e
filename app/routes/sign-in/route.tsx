import { useActionData, useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { AuthPage, TextLink } from '~/features/accounts/auth-page.tsx'
import { SignInForm } from '~/features/accounts/sign-in-form.tsx'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { paths } from '~/lib/paths.ts'
import { safePath } from '~/lib/safe-path.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'

export function loader({ context: { viewer, info }, request }: LoaderFunctionArgs) {
  const to = new URL(request.url).searchParams.get('to')
  if (viewer) throw redirect(safePath(to, paths.threads))
  return { to, serverName: info.name }
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { email, givenPassword } = strings.accounts.wrong
  const texts = { fields: { email, password: givenPassword } }
  return answerForm({ context, request }, form, texts, async () => {
    await context.api.auth.signIn({
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
    })
    return redirect(safePath(form.get('to'), paths.threads))
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, signIn } = strings.accounts
  return [{ title: pageTitle(signIn.submit, data?.serverName ?? strings.shell.product) }]
}

export default function SignIn() {
  const { to, serverName } = useLoaderData<typeof loader>()
  const text = strings.accounts.signIn
  // Once an attempt was answered, the answer is what there is to read.
  const answered = useActionData() !== undefined
  const wanted = !answered && to !== null && to !== paths.threads && to !== paths.home
  return (
    <AuthPage
      serverName={serverName}
      title={text.title}
      lead={text.lead(serverName)}
      footer={
        <>
          {text.other} <TextLink to={paths.signUp(to ?? undefined)}>{text.otherAction}</TextLink>
        </>
      }
    >
      {wanted ? <Banner className="mb-6">{text.wanted}</Banner> : null}
      <SignInForm to={to} />
    </AuthPage>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
