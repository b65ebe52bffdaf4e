import { redirect } from '@remix-run/server-runtime'
import { paths } from './paths.ts'

const statuses: Readonly<Record<string, number>> = {
  BAD_REQUEST: 404,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
}

/**
 * Runs what a loader asks of the API; an expected refusal becomes the page for it (an address that cannot be
 * read is one that does not exist), a missing session the way to sign in. Everything else stays an error.
 */
export async function asPage<Result>(
  request: Request,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    const code = codeOf(error)
    if (code === 'UNAUTHORIZED') throw toSignIn(request)
    const status = code === null ? undefined : statuses[code]
    if (status === undefined) throw error
    throw new Response(null, { status })
  }
}

/** The way to sign in, and back here after. */
export function toSignIn(request: Request): Response {
  const { pathname, search } = new URL(request.url)
  return redirect(paths.signIn(pathname + search))
}

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
