import type { Context } from '../context.ts'
import { authenticate } from '../features/accounts/authenticate.ts'
import type { Services } from '../services.ts'
import type { Visit } from './visit.ts'

/**
 * Who asks and how, for one request.
 * @throws AppError TOKEN_REFUSED for a bearer token that is not valid, even when a cookie is.
 */
export async function createContext(
  services: Services,
  visit: Visit,
  request: Request,
  setCookie: Context['setCookie'],
): Promise<Context> {
  const { headers } = request
  const since = performance.now()
  const asker = authenticate(services.accounts, {
    cookieHeader: headers.get('cookie'),
    authorization: headers.get('authorization'),
    setCookie,
  })
  const actor = await services.answerInTime(asker, { since, changes: false })
  return {
    services,
    actor,
    requestId: visit.requestId,
    address: visit.address,
    userAgent: headers.get('user-agent'),
    log: services.log,
    since,
    setCookie,
  }
}
