/** Every way a request is turned away before any procedure or page sees it. Reasons are stable, as in errors.ts. */
export const refusals = {
  REQUEST_MALFORMED: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'This is not a request we understand.',
  },
  URL_INVALID: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The address of this request is not valid.',
  },
  HANDSHAKE_INVALID: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'This is not a WebSocket handshake of RFC 6455.',
  },
  HOST_INVALID: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The Host header is missing or not valid.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    code: 'FORBIDDEN',
    message: 'Requests from another site are refused. Open Skein at its own address and try again.',
  },
  METHOD_REFUSED: {
    status: 405,
    code: 'METHOD_NOT_SUPPORTED',
    message: 'This method is not in use here.',
  },
  REQUEST_SLOW: { status: 408, code: 'TIMEOUT', message: 'The request took too long to arrive.' },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The request is too large.',
  },
  URL_TOO_LONG: {
    status: 414,
    code: 'BAD_REQUEST',
    message: 'The address of this request is too long.',
  },
  MEDIA_TYPE_REFUSED: {
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Calls are sent as application/json.',
  },
  HOST_UNKNOWN: {
    status: 421,
    code: 'BAD_REQUEST',
    message:
      'Skein does not answer to this name. Whoever runs it can set PUBLIC_URL to its address, or add the name to ALLOWED_HOSTS.',
  },
  RATE_LIMITED: {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many requests; wait a moment, then go on more slowly.',
  },
  TOO_MANY_SUBSCRIPTIONS: {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many event streams of one person; close others.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    code: 'BAD_REQUEST',
    message: 'The headers of this request are too large.',
  },
  PAGE_NOT_FOUND: { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' },
  INTERNAL: {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something went wrong on our side. It is written down; try again in a moment.',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    code: 'SERVICE_UNAVAILABLE',
    message: 'The database cannot be reached. Try again shortly.',
  },
  STOPPING: {
    status: 503,
    code: 'SERVICE_UNAVAILABLE',
    message: 'This instance is stopping; connect again in a moment.',
  },
} as const satisfies Record<string, { status: number; code: TrpcCode; message: string }>

/** The names tRPC has for these, so that its clients read a refusal like any other error. */
type TrpcCode =
  | 'BAD_REQUEST'
  | 'FORBIDDEN'
  | 'METHOD_NOT_SUPPORTED'
  | 'NOT_FOUND'
  | 'TIMEOUT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'TOO_MANY_REQUESTS'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

export type RefusalReason = keyof typeof refusals

export interface Refusal {
  reason: RefusalReason
  /** Headers that belong to this answer, such as Allow. */
  headers?: Record<string, string>
}
