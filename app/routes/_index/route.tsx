import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { redirect, type LoaderFunctionArgs } from '@remix-run/server-runtime'
import { Landing } from '~/features/accounts/landing.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'

/** Who is signed in goes on to the threads; others are told where they are. */
export function loader({ context: { viewer, info } }: LoaderFunctionArgs) {
  if (viewer) throw redirect(paths.threads)
  return { serverName: info.name, fresh: info.fresh, signUp: info.signUp }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.serverName ?? strings.shell.product },
]

export default function Index() {
  return <Landing {...useLoaderData<typeof loader>()} />
}
