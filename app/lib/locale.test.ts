import { describe, expect, it } from 'vitest'
import { preferenceCookie, readCookie } from './cookie.ts'
import { languageFrom, timeZoneFrom } from './locale.ts'
import { themeFrom } from './theme.ts'

describe('how a page is painted at first', () => {
  it('is in the English that the person asked for', () => {
    expect(languageFrom('de-DE, en-GB;q=0.8, en;q=0.7')).toBe('en-GB')
    expect(languageFrom('fr')).toBe('en')
    expect(languageFrom('en-<script>')).toBe('en')
    expect(languageFrom(null)).toBe('en')
  })

  it('is in the time zone that the browser told us, if it is one', () => {
    expect(timeZoneFrom('a=b; tz=Europe%2FBerlin')).toBe('Europe/Berlin')
    expect(timeZoneFrom('tz=Nowhere%2FAt-all')).toBe('UTC')
    expect(timeZoneFrom(null)).toBe('UTC')
  })

  it('is in the chosen colours, else in those of the device', () => {
    expect(themeFrom('theme=dark')).toBe('dark')
    expect(themeFrom('theme=purple')).toBe('system')
    expect(themeFrom('xtheme=dark')).toBe('system')
  })

  it('does not fail over a broken cookie', () => {
    expect(readCookie('tz=%E0%A4%A', 'tz')).toBeUndefined()
    expect(readCookie('; =; tz', 'tz')).toBeUndefined()
    expect(readCookie(preferenceCookie('tz', 'a;b=c').split('; ')[0] ?? '', 'tz')).toBe('a;b=c')
  })
})
