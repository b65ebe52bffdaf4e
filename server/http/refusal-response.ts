import { renderRefusal } from './render-refusal.ts'
import type { Refusal } from './refusal.ts'
import type { Visit } from './visit.ts'

/** A refusal by something behind the gate. */
export function refusalResponse(refusal: Refusal, visit: Visit, request: Request): Response {
  const { pathname } = new URL(request.url)
  const { status, headers, body } = renderRefusal(refusal, { ...visit, url: pathname })
  return new Response(body, { status, headers })
}
