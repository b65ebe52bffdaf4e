import type { Page } from '@playwright/test'

/** What a browser holds against a page. */
export interface Complaints {
  readonly list: string[]
  /** What a test brings about on purpose. */
  readonly expected: RegExp[]
}

/**
 * Remix logs a reading that a newer one has overtaken, once the beginning of its answer was there (`fetchAndDecode` of
 * its single fetch). Nobody sees anything of it; one that is thrown is still a mistake.
 */
const overtaken = /^error: AbortError: signal is aborted without reason/

const hearings = new WeakMap<Page, { live: boolean }>()

/** Whether the page's socket is open and its stream of facts has begun. */
export function isHearing(page: Page): boolean {
  return hearings.get(page)?.live ?? false
}

/** Notes every error in the console, every breach of the content policy and every request to somebody else. */
export async function watchPage(page: Page, origin: string, complaints: Complaints): Promise<void> {
  const hearing = { live: false }
  hearings.set(page, hearing)
  const note = (what: string) => {
    if (!complaints.expected.some((pattern) => pattern.test(what))) complaints.list.push(what)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      const what = `${message.type()}: ${message.text()} (${message.location().url})`
      if (!overtaken.test(what)) note(what)
    }
  })
  page.on('pageerror', (error) => note(`thrown: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (request.isNavigationRequest()) hearing.live = false
    if (protocol.startsWith('http') && host !== new URL(origin).host) note(`asked ${host}`)
  })
  page.on('websocket', (socket) => {
    const { host } = new URL(socket.url())
    if (host !== new URL(origin).host) note(`socket to ${host}`)
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"cursor"')) hearing.live = true
    })
    socket.on('close', () => (hearing.live = false))
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // Thrown, so that it is heard as any other mistake of the page.
      reportError(new Error(`policy: ${event.violatedDirective} ${event.blockedURI}`))
    })
  })
}
