import {
  isRouteErrorResponse,
  Links,
  Meta,
  type MetaFunction,
  Outlet,
  Scripts,
  ScrollRestoration,
  useRouteLoaderData,
} from '@remix-run/react'
import type { LinksFunction, LoaderFunctionArgs } from '@remix-run/server-runtime'
import type { ReactNode } from 'react'
import { languageFrom, timeZoneFrom } from './lib/locale.ts'
import { useBrowserLocale } from './lib/use-browser-locale.ts'
import { useNonce } from './lib/nonce.tsx'
import { strings } from './lib/strings.ts'
import { themeFrom } from './lib/theme.ts'
import { LocaleProvider } from './ui/locale.tsx'
import { NoticeProvider } from './ui/notices.tsx'
import { TooltipLayer } from './ui/tooltip-layer.tsx'
import '@fontsource-variable/hanken-grotesk/wght.css'
import '@fontsource-variable/hanken-grotesk/wght-italic.css'
import '@fontsource-variable/bricolage-grotesque/wght.css'
import './styles/app.css'

export const links: LinksFunction = () => [
  { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' },
]

export const meta: MetaFunction = ({ error }) => {
  const { errors, product } = strings.shell
  if (!error) return [{ title: product }]
  const notFound = isRouteErrorResponse(error) && error.status === 404
  return [{ title: `${notFound ? errors.notFoundTitle : errors.brokenTitle} · ${product}` }]
}

/** How the page is to look, from what the browser sent: so the first paint is the right one. */
export function loader({ context, request }: LoaderFunctionArgs) {
  const cookie = request.headers.get('cookie')
  return {
    requestId: context.requestId,
    theme: themeFrom(cookie),
    locale: {
      language: languageFrom(request.headers.get('accept-language')),
      timeZone: timeZoneFrom(cookie),
    },
  }
}

const systemLook = { theme: 'system', locale: { language: 'en', timeZone: 'UTC' } } as const

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const data = useRouteLoaderData<typeof loader>('root') ?? systemLook
  const locale = useBrowserLocale(data.locale)
  return (
    <html
      lang="en"
      dir="ltr"
      data-theme={data.theme === 'system' ? undefined : data.theme}
      className="h-full"
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="same-origin" />
        <Meta />
        <Links />
      </head>
      <body className="flex h-full flex-col">
        <LocaleProvider value={locale}>
          <NoticeProvider closeLabel={strings.shell.close}>{children}</NoticeProvider>
          <TooltipLayer />
        </LocaleProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export { ErrorPage as ErrorBoundary } from './lib/error-page.tsx'
