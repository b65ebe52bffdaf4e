import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import type { Services } from '../services.ts'
import type { App } from './create-app.ts'
import type { Development } from './development.ts'
import { allowedMethods } from './gate.ts'
import { guardBody } from './guard-body.ts'
import { httpLimits } from './limits.ts'
import { admit, type Reception, type Visit } from './visit.ts'
import { writeRefusal } from './write-refusal.ts'

export interface Requests {
  answer: RequestListener
  /**
   * From now on no connection is kept for another request, and event streams are cut one after the other, over so many
   * milliseconds: they resume elsewhere.
   */
  drain: (spreadMs: number) => Promise<void>
}

/**
 * Requests: first the gate, then the app. The headers that every answer carries are on it before anyone else has it.
 */
export function createRequests(
  { log, metrics }: Services,
  receive: Reception,
  app: App,
  development: Development | undefined,
): Requests {
  const visits = new WeakMap<IncomingMessage, Visit>()
  const streams = new Set<ServerResponse>()
  metrics.atScrape(() => metrics.eventStreams.set(streams.size))
  let draining = false

  const respond = getRequestListener(
    async (request, bindings) => {
      const { incoming, outgoing } = bindings as {
        incoming: IncomingMessage
        outgoing: ServerResponse
      }
      const visit = visits.get(incoming)
      if (!visit) throw new Error('a request came past the gate')
      const response = await app.fetch(request, { incoming, outgoing, visit })
      if (response.headers.get('content-type')?.startsWith('text/event-stream')) keep(outgoing)
      return guardBody(response, outgoing, (error) =>
        log.error({ err: error, requestId: visit.requestId }, 'an answer broke off'),
      )
    },
    { overrideGlobalObjects: false },
  )

  function keep(stream: ServerResponse): void {
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
  }

  function finish(visit: Visit, method: string, status: number, started: number): void {
    const milliseconds = performance.now() - started
    const { route, requestId } = visit
    metrics.httpSeconds.observe(
      { route, status: `${Math.floor(status / 100)}xx` },
      milliseconds / 1000,
    )
    log.debug({ requestId, method, route, status, ms: Math.round(milliseconds) }, 'request')
  }

  return {
    answer(incoming, outgoing) {
      const started = performance.now()
      const { method = '' } = incoming
      // Here and not for every connection: on one that becomes a WebSocket the timer, though stopped, would be looked up
      // at every write, which was a fiftieth of what delivering costs.
      incoming.socket.setTimeout(httpLimits.idleMs)
      const visit = receive(incoming, 'http')
      outgoing.setHeaders(new Map(Object.entries(visit.headers)))
      if (draining) outgoing.setHeader('connection', 'close')
      outgoing.once('close', () => finish(visit, method, outgoing.statusCode, started))
      if ('refusal' in visit.decision) {
        const { refusal } = visit.decision
        metrics.refusals.inc({ reason: refusal.reason })
        writeRefusal(refusal, visit, incoming, outgoing)
        return
      }
      const { admission } = visit.decision
      admit(incoming, admission)
      if (method === 'OPTIONS') {
        if (!admission.preflight) outgoing.setHeader('allow', allowedMethods)
        outgoing.writeHead(204).end()
        return
      }
      visits.set(incoming, visit)
      const goOn = () => void respond(incoming, outgoing)
      if (development) development.middleware(incoming, outgoing, goOn)
      else goOn()
    },
    async drain(spreadMs) {
      draining = true
      const all = [...streams]
      await Promise.all(
        all.map(async (stream, place) => {
          await sleep((spreadMs * place) / all.length)
          stream.destroy()
        }),
      )
      // And those that were opened meanwhile.
      for (const stream of streams) stream.destroy()
    },
  }
}
