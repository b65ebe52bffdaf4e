import { data, redirect, type ActionFunctionArgs } from '@remix-run/server-runtime'
import { paths } from '~/lib/paths.ts'
import { safePath } from '~/lib/safe-path.ts'
import { isTheme, themeCookie } from '~/lib/theme.ts'

/** Keeps the chosen appearance in a cookie. A plain form says where to go `back` to; a fetcher stays. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const theme = form.get('theme')
  if (!isTheme(theme)) throw new Response(null, { status: 400 })
  const back = form.get('back')
  const headers = { 'Set-Cookie': themeCookie(theme) }
  if (typeof back !== 'string') return data(null, { headers })
  return redirect(safePath(back, paths.home), { headers })
}
