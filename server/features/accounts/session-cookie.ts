import { Cookie } from 'lucia'

export interface SessionCookie {
  name: string
  /**
   * The Set-Cookie header that gives the secret to the browser, until the session's absolute end: when it ends for
   * want of use is for the server to say, since use over a socket cannot move a cookie.
   */
  give(secret: string, until: Date): string
  /** The Set-Cookie header that takes it back. */
  blank(): string
  /** The secret in a Cookie header, or null. */
  read(cookieHeader: string | null | undefined): string | null
}

const longestSecret = 200

/** Over https the cookie is bound to this very host (`__Host-`): no neighbour under the same domain can set it. */
export function createSessionCookie(publicUrl: string | undefined): SessionCookie {
  const secure = publicUrl?.startsWith('https:') ?? false
  const name = secure ? '__Host-skein_session' : 'skein_session'
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const
  return {
    name,
    give(secret, until) {
      const maxAge = Math.max(0, Math.floor((until.getTime() - Date.now()) / 1_000))
      return new Cookie(name, secret, { ...attributes, maxAge }).serialize()
    },
    blank: () => new Cookie(name, '', { ...attributes, maxAge: 0 }).serialize(),
    // Not lucia's reader: it decodes every cookie of the header, so that `a=%` from anyone made every request fail.
    read(cookieHeader) {
      for (const pair of cookieHeader?.split(';') ?? []) {
        const at = pair.indexOf('=')
        if (at === -1 || pair.slice(0, at).trim() !== name) continue
        const value = pair.slice(at + 1).trim()
        return value === '' || value.length > longestSecret ? null : value
      }
      return null
    },
  }
}
