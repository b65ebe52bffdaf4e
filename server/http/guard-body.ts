import type { ServerResponse } from 'node:http'

/**
 * A body that fails half-way (a page whose rendering broke) must not end as if it were whole, nor take the adapter's
 * way of printing the error into it: it is reported once, and the connection is cut.
 */
export function guardBody(
  response: Response,
  outgoing: ServerResponse,
  report: (error: unknown) => void,
): Response {
  if (!response.body) return response
  const reader = response.body.getReader()
  const guarded = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        if (!outgoing.destroyed) report(error)
        outgoing.destroy()
        controller.close()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(guarded, { status: response.status, headers: response.headers })
}
