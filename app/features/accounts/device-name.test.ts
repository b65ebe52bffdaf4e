import { expect, it } from 'vitest'
import { deviceName, isHandheld } from './device-name.ts'

const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36'

it.each([
  [safari, 'Safari on iPhone'],
  [chrome, 'Chrome on Linux'],
  [`${chrome} Edg/148.0.0.0`, 'Edge on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0',
    'Firefox on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari on Mac',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['curl/8.9.1', 'curl'],
  ['', 'Unknown device'],
  [null, 'Unknown device'],
])('a session of %j is called %j', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name)
})

it('tells a phone from a desk', () => {
  expect(isHandheld(safari)).toBe(true)
  expect(isHandheld(chrome)).toBe(false)
})
