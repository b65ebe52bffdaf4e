import { preferenceCookie, readCookie } from './cookie.ts'

/** What the person chose; `system` follows the device and is the choice of everyone who never chose. */
export type Theme = 'system' | 'light' | 'dark'

export const themes: readonly Theme[] = ['system', 'light', 'dark']

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value)
}

/** The stored choice, so that the server paints the right colours at once. */
export function themeFrom(cookieHeader: string | null): Theme {
  const value = readCookie(cookieHeader, 'theme')
  return isTheme(value) ? value : 'system'
}

export function themeCookie(theme: Theme): string {
  return preferenceCookie('theme', theme)
}
