import { redirect, type ActionFunctionArgs } from '@remix-run/server-runtime'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { paths } from '~/lib/paths.ts'
import { safePath } from '~/lib/safe-path.ts'
import { strings } from '~/lib/strings.ts'
import { invitationCode } from './invitation-code.ts'

/** What the sign-up form asks for, on whichever page it stands. */
export async function signUpAction({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { name, handle, email, password } = strings.accounts.wrong
  const texts = {
    fields: { name, handle, email, password },
    places: {
      HANDLE_TAKEN: 'handle',
      PASSWORD_TOO_COMMON: 'password',
      EMAIL_DOMAIN_REFUSED: 'email',
    },
  }
  return answerForm({ context, request }, form, texts, async () => {
    const invitation = invitationCode(textOf(form, 'invitation'))
    await context.api.auth.signUp({
      name: textOf(form, 'name'),
      handle: textOf(form, 'handle').replace(/^\s*@/, ''),
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
      ...(invitation === '' ? {} : { invitation }),
    })
    return redirect(safePath(form.get('to'), paths.threads))
  })
}
