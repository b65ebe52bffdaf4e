import { redirect, type ActionFunctionArgs } from '@remix-run/server-runtime'
import { isTheme, themeCookie } from '~/lib/theme.ts'

/** Keeps the chosen appearance in a cookie; a plain form works as well as a fetcher. */
export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const theme = form.get('theme')
  if (!isTheme(theme)) throw new Response(null, { status: 400 })
  const back = form.get('back')
  return redirect(typeof back === 'string' && /^\/(?![/\\])/.test(back) ? back : '/', {
    headers: { 'Set-Cookie': themeCookie(theme) },
  })
}
