import { createClient, type SkeinClient } from '../../client/index.ts'

/**
 * The client of the server that this page comes from, which knows it by its cookie. A call made while the page goes
 * away still goes out.
 */
export function createPageClient(): SkeinClient {
  // While the server renders, nothing is asked with it: any address does.
  if (typeof window === 'undefined') return createClient({ url: 'http://localhost' })
  // A page is told that it goes before it counts as hidden.
  let isParting = false
  window.addEventListener('pagehide', () => (isParting = true))
  window.addEventListener('pageshow', () => (isParting = false))
  return createClient({
    url: '',
    fetch: (input, init) => {
      const keepalive = isParting || document.visibilityState === 'hidden'
      return fetch(input, { ...init, keepalive })
    },
  })
}
