import { authenticate } from '../features/accounts/authenticate.ts'
import { createCaller, type Caller } from '../router.ts'
import type { Services } from '../services.ts'
import { cookieOf, testContext } from './factories.ts'

/** Keeps the cookie that it is given, and shows it at every visit, as a browser does. */
export interface TestBrowser {
  /** What it would send now. */
  readonly cookieHeader: string | null
  /** All Set-Cookie headers so far. */
  readonly given: readonly string[]
  /** Calls as whoever the cookie says, asked anew each time. */
  open: (services?: Services) => Promise<Caller>
}

export function createBrowser(services: Services, address = '198.51.100.7'): TestBrowser {
  const given: string[] = []
  const cookieHeader = () => {
    const last = given.at(-1)
    return last === undefined || last.includes('Max-Age=0') ? null : cookieOf(last)
  }
  const setCookie = (header: string) => void given.push(header)
  return {
    get cookieHeader() {
      return cookieHeader()
    },
    given,
    async open(instance = services) {
      const actor = await authenticate(instance.accounts, {
        cookieHeader: cookieHeader(),
        setCookie,
      })
      return createCaller(
        testContext(instance, { actor, address, setCookie, userAgent: 'Browser/1.0' }),
      )
    },
  }
}
