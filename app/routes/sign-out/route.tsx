import { Form, Link, useLoaderData, type MetaFunction } from '@remix-run/react'
import {
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
} from '@remix-run/server-runtime'
import { AuthPage } from '~/features/accounts/auth-page.tsx'
import { browserStorage, LocalStore } from '~/lib/local-store.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'

/** Looking at this address signs nobody out: a picture on some other page could ask for it. */
export function loader({ context: { viewer, info } }: LoaderFunctionArgs) {
  if (!viewer) throw redirect(paths.home)
  return { serverName: info.name, viewerId: viewer.id }
}

export async function action({ context }: ActionFunctionArgs) {
  await context.api.auth.signOut()
  return redirect(paths.home)
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, signOut } = strings.accounts
  return [{ title: pageTitle(signOut.title, data?.serverName ?? strings.shell.product) }]
}

export default function SignOut() {
  const { serverName, viewerId } = useLoaderData<typeof loader>()
  const { title, text, submit, stay } = strings.accounts.signOut
  return (
    <AuthPage serverName={serverName} title={title} lead={text}>
      <Form
        method="post"
        className="flex flex-wrap gap-2"
        // Nothing that was written here stays for whoever uses this browser next.
        onSubmit={() => new LocalStore(browserStorage(), viewerId).clear()}
      >
        <Button type="submit" variant="primary">
          {submit}
        </Button>
        <Button asChild>
          <Link to={paths.threads}>{stay}</Link>
        </Button>
      </Form>
    </AuthPage>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
