import { preferenceCookie, readCookie } from './cookie.ts'

/** The English that the person asked for ("en-GB" writes 14:05, "en-US" 2:05 PM), else plain English. */
export function languageFrom(acceptLanguage: string | null): string {
  for (const part of acceptLanguage?.split(',') ?? []) {
    const tag = part.split(';')[0]?.trim() ?? ''
    if (/^en(-[a-z0-9]{2,8})*$/i.test(tag)) return tag
  }
  return 'en'
}

/** The time zone that the browser told us at an earlier visit. */
export function timeZoneFrom(cookieHeader: string | null): string {
  const zone = readCookie(cookieHeader, 'tz')
  return zone && isTimeZone(zone) ? zone : 'UTC'
}

export function timeZoneCookie(zone: string): string {
  return preferenceCookie('tz', zone)
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
