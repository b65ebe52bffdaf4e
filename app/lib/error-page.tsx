import {
  isRouteErrorResponse,
  Link,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react'
import { CloudOff } from 'lucide-react'
import type { loader as rootLoader } from '~/root.tsx'
import { Button } from '~/ui/button.tsx'
import { LogoMark } from '~/ui/logo.tsx'
import { strings } from './strings.ts'

/** What went wrong and what to do, for every route's error boundary. Never shows internals. */
export function ErrorPage() {
  const error = useRouteError()
  const inShell = useMatches().some(
    ({ id, data }) => id === 'routes/_shell/route' && data !== undefined,
  )
  const status = isRouteErrorResponse(error) ? error.status : isUnreachable(error) ? 0 : 500
  const face = <ErrorFace status={status} />
  // The shell has the page's main place already.
  return inShell ? face : <main className="flex min-h-dvh flex-1 flex-col">{face}</main>
}

/** What browsers throw when no answer came at all; each has its own words for it. */
function isUnreachable(error: unknown): boolean {
  return (
    error instanceof TypeError && /failed to fetch|networkerror|load failed/i.test(error.message)
  )
}

/** The page for a status; 0 when no answer came. */
export function ErrorFace({ status }: { status: number }) {
  const { pathname, search, key } = useLocation()
  const { title, text } = facesOf(status)
  const requestId = useRouteLoaderData<typeof rootLoader>('root')?.requestId
  const { retry, home, reference } = strings.shell.errors
  return (
    <div className="flex min-h-full flex-1 flex-col items-center justify-center gap-4 px-6 py-16 text-center">
      <p
        aria-hidden="true"
        className="flex items-center gap-1 font-display text-4xl font-bold text-ink-faint"
      >
        {status === 404 ? (
          <>
            4<LogoMark className="size-[0.9em] rotate-12" />4
          </>
        ) : status === 0 ? (
          <CloudOff className="size-[0.9em]" />
        ) : (
          status
        )}
      </p>
      <h1 className="font-display text-2xl font-semibold">{title}</h1>
      <p className="max-w-md text-ink-soft text-balance">{text}</p>
      {/* Known for the document alone: what is fetched later has an id of its own, which nothing here could read. */}
      {status >= 500 && requestId && key === 'default' ? (
        <p className="font-mono text-sm text-ink-faint select-all">{reference(requestId)}</p>
      ) : null}
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {status === 404 || status === 403 ? null : (
          <Button asChild>
            <a href={pathname + search}>{retry}</a>
          </Button>
        )}
        <Button asChild variant="primary">
          <Link to="/">{home}</Link>
        </Button>
      </div>
    </div>
  )
}

function facesOf(status: number): { title: string; text: string } {
  const text = strings.shell.errors
  if (status === 0) return { title: text.unreachableTitle, text: text.unreachableText }
  if (status === 404) return { title: text.notFoundTitle, text: text.notFoundText }
  if (status === 401 || status === 403) {
    return { title: text.forbiddenTitle, text: text.forbiddenText }
  }
  if (status === 429 || status === 503) return { title: text.busyTitle, text: text.busyText }
  return { title: text.brokenTitle, text: text.brokenText }
}
