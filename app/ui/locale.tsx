import { createContext, useContext, useMemo } from 'react'

/** How dates and numbers are written for this person. */
export interface Locale {
  /** BCP 47 tag, for instance `en-GB`. */
  readonly language: string
  /** IANA name; `UTC` until the browser has told us. */
  readonly timeZone: string
}

const LocaleContext = createContext<Locale>({ language: 'en', timeZone: 'UTC' })

export const LocaleProvider = LocaleContext.Provider

export function useLocale(): Locale {
  return useContext(LocaleContext)
}

/** An `Intl.DateTimeFormat` in the person's language and time zone, kept while its options stay the same. */
export function useDateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { language, timeZone } = useLocale()
  const key = JSON.stringify(options)
  return useMemo(
    () =>
      new Intl.DateTimeFormat(language, {
        timeZone,
        ...(JSON.parse(key) as Intl.DateTimeFormatOptions),
      }),
    [language, timeZone, key],
  )
}
