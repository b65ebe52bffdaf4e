import { isRouteErrorResponse, Link, useLocation, useRouteError } from '@remix-run/react'
import { Button } from '~/ui/button.tsx'
import { LogoMark } from '~/ui/logo.tsx'
import { strings } from './strings.ts'

/** What went wrong and what to do, for every route's error boundary. Never shows internals. */
export function ErrorPage() {
  const error = useRouteError()
  return <ErrorFace status={isRouteErrorResponse(error) ? error.status : 500} />
}

/** The page for a status. */
export function ErrorFace({ status }: { status: number }) {
  const { pathname, search } = useLocation()
  const { title, text } = facesOf(status)
  const { retry, home } = strings.shell.errors
  return (
    <div className="flex min-h-full flex-1 flex-col items-center justify-center gap-4 px-6 py-16 text-center">
      <p
        aria-hidden="true"
        className="flex items-center gap-1 font-display text-4xl font-bold text-line-strong"
      >
        {status === 404 ? (
          <>
            4<LogoMark className="size-[0.9em] rotate-12" />4
          </>
        ) : (
          status
        )}
      </p>
      <h1 className="font-display text-2xl font-semibold">{title}</h1>
      <p className="max-w-md text-ink-soft text-balance">{text}</p>
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
  if (status === 404) return { title: text.notFoundTitle, text: text.notFoundText }
  if (status === 401 || status === 403) {
    return { title: text.forbiddenTitle, text: text.forbiddenText }
  }
  if (status === 429 || status === 503) return { title: text.busyTitle, text: text.busyText }
  return { title: text.brokenTitle, text: text.brokenText }
}
