import { hostOn } from './host-rule.ts'

/**
 * Where a request comes from, by what the browser says of it:
 * `own` a page of ours; `allow-listed` a site of ALLOWED_ORIGINS; `none` not a page at all (a program, or an address
 * typed in); `link` another page, which the browser leaves for ours; `foreign` anything else, unreadable Origins
 * included.
 */
export type OriginVerdict = 'own' | 'allow-listed' | 'none' | 'link' | 'foreign'

export function judgeOrigin(given: {
  origins: readonly string[]
  fetchSite: string | undefined
  fetchMode: string | undefined
  host: string
  publicUrl: URL | null
  otherOrigins: ReadonlySet<string>
}): OriginVerdict {
  const [origin, ...more] = given.origins
  const sameSite =
    given.fetchSite === undefined || given.fetchSite === 'same-origin' || given.fetchSite === 'none'
  if (origin === undefined)
    return sameSite ? 'none' : given.fetchMode === 'navigate' ? 'link' : 'foreign'
  if (more.length > 0 || !isOrigin(origin)) return 'foreign'
  if (given.otherOrigins.has(origin)) return 'allow-listed'
  return sameSite && isOwn(new URL(origin), given.host, given.publicUrl) ? 'own' : 'foreign'
}

function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text
}

/** The Host was checked before, so an Origin of the same host is ours; PUBLIC_URL also says by which scheme. */
function isOwn(origin: URL, host: string, publicUrl: URL | null): boolean {
  if (hostOn(origin.protocol, host) !== origin.host) return false
  return publicUrl?.host !== origin.host || publicUrl.protocol === origin.protocol
}
