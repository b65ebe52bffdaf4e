import { useLoaderData, type MetaFunction } from '@remix-run/react'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/server-runtime'
import { TokenForm } from '~/features/accounts/token-form.tsx'
import { TokenList } from '~/features/accounts/token-list.tsx'
import { useRevalidateOn } from '~/features/live/use-revalidate-on.ts'
import { answerForm, textOf } from '~/lib/form-result.ts'
import { asPage } from '~/lib/page-errors.ts'
import { strings } from '~/lib/strings.ts'
import { Section } from '~/ui/page.tsx'

export async function loader({ context, request }: LoaderFunctionArgs) {
  return asPage(request, async () => {
    const { tokens } = await context.api.auth.tokens.list()
    return { tokens, serverName: context.info.name }
  })
}

export async function action({ context, request }: ActionFunctionArgs) {
  const form = await request.formData()
  const { tokens } = context.api.auth
  const texts = { fields: { name: strings.accounts.wrong.tokenName } }
  return answerForm({ context, request }, form, texts, async () => {
    switch (textOf(form, 'intent')) {
      case 'create-token': {
        const days = Number(textOf(form, 'days')) || null
        const { secret } = await tokens.create({ name: textOf(form, 'name'), days })
        return { made: secret }
      }
      case 'revoke-token':
        await tokens.revoke({ tokenId: textOf(form, 'tokenId') })
        return
      default:
        throw new Response(null, { status: 400 })
    }
  })
}

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const { pageTitle, tokens } = strings.accounts
  return [{ title: pageTitle(tokens.title, data?.serverName ?? strings.shell.product) }]
}

export default function Tokens() {
  const { tokens } = useLoaderData<typeof loader>()
  const text = strings.accounts.tokens
  useRevalidateOn(({ type }) => type === 'token.revoked')
  return (
    <>
      <Section title={text.create} lead={text.lead}>
        <TokenForm />
      </Section>
      <Section title={text.list}>
        <TokenList tokens={tokens} />
      </Section>
    </>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
