import { strings } from '~/lib/strings.ts'

// The order decides: Edge and Opera call themselves Chrome, and everything calls itself Safari.
const browsers = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Headless Chrome'],
  [/\bChrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
] as const

const systems = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const

/** What a browser calls itself, in words that somebody recognises their own devices by. */
export function deviceName(userAgent: string | null): string {
  const { device, unknownDevice } = strings.accounts.account
  const browser = nameIn(browsers, userAgent)
  const system = nameIn(systems, userAgent)
  if (browser && system) return device(browser, system)
  return browser ?? system ?? unknownDevice
}

/** Whether it is held in a hand. */
export function isHandheld(userAgent: string | null): boolean {
  return /\b(?:iPhone|iPad|Android|Mobile)\b/.test(userAgent ?? '')
}

function nameIn(
  table: readonly (readonly [RegExp, string])[],
  userAgent: string | null,
): string | undefined {
  return table.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1]
}
