/** tRPC's messages over WebSocket: JSON-RPC 2.0 in spirit, as @trpc/client's wsLink speaks it. */
import { z } from 'zod'
import { socketLimits } from './limits.ts'

const longestPath = 200
const requestId = z.union([z.number(), z.string().max(100)])
const jsonrpc = z.literal('2.0').optional()

const call = z.object({
  id: requestId,
  jsonrpc,
  method: z.enum(['query', 'mutation', 'subscription']),
  params: z.object({
    path: z.string().max(longestPath),
    input: z.unknown().optional(),
    lastEventId: z.string().max(400).optional(),
  }),
})
const stop = z.object({ id: requestId, jsonrpc, method: z.literal('subscription.stop') })
const message = z.discriminatedUnion('method', [call, stop])
const several = z.array(message).max(socketLimits.messagesPerFrame)

export type Call = z.infer<typeof call> & {
  /** Larger than a call may be, though the frame is not. */
  tooLarge?: boolean
}
export type ClientMessage = Call | z.infer<typeof stop>
export type RequestId = z.infer<typeof requestId>

/** Sent first by clients whose URL says `connectionParams=1`. */
const connectionParams = z.object({
  method: z.literal('connectionParams'),
  data: z.object({ token: z.string().max(500).optional() }).nullable(),
})

/** The messages of one frame. @throws ZodError or SyntaxError when it is none. */
export function parseFrame(text: string): ClientMessage[] {
  const value: unknown = JSON.parse(text)
  const messages: ClientMessage[] = Array.isArray(value)
    ? several.parse(value)
    : [usualCall(value) ?? message.parse(value)]
  // A character is three bytes at the most: most frames need not be counted.
  if (text.length * 3 > socketLimits.callBytes && Buffer.byteLength(text) > socketLimits.callBytes)
    for (const each of messages)
      if (each.method !== 'subscription.stop')
        each.tooLarge = Buffer.byteLength(JSON.stringify(each)) > socketLimits.callBytes
  return messages
}

/** What nearly all frames are, by the thousand, taken as the schema would take it; null for the schema to look at. */
function usualCall(value: unknown): Call | null {
  if (!isObject(value)) return null
  const { id, jsonrpc = '2.0', method, params } = value
  if (typeof id !== 'number' || jsonrpc !== '2.0' || !isObject(params)) return null
  if (method !== 'mutation' && method !== 'query') return null
  const { path, input, lastEventId } = params
  if (typeof path !== 'string' || path.length > longestPath || lastEventId !== undefined)
    return null
  return { id, method, params: { path, input } }
}

function isObject(value: unknown): value is Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** @returns the bearer token, or null when none was sent. @throws ZodError or SyntaxError when it is no such message. */
export function parseConnectionParams(text: string): string | null {
  return connectionParams.parse(JSON.parse(text)).data?.token ?? null
}

/** One item of `events.stream` in tRPC's tracked envelope: what is before its events, which are JSON already. */
export function beforeFacts(id: RequestId, cursor: string): string {
  return `{"id":${JSON.stringify(id)},"result":{"type":"data","id":"${cursor}","data":{"id":"${cursor}","data":{"cursor":"${cursor}","events":[`
}

/** What comes after them. */
export const afterFacts = ']}}}}'

/** Asks the client to open a new connection; its subscriptions move over with their last ids. */
export const reconnectFrame = JSON.stringify({ id: null, method: 'reconnect' })
