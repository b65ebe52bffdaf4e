/** On every answer of the web port, whoever makes it: pages, data, assets, refusals, errors. */
export function securityHeaders(given: {
  nonce: string
  requestId: string
  /** The checked Host of the request; null where there is none that can be trusted. */
  host: string | null
  https: boolean
  development: boolean
}): Record<string, string> {
  return {
    'content-security-policy': contentPolicy(given),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'permissions-policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'x-request-id': given.requestId,
    ...(given.https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  }
}

function contentPolicy({
  nonce,
  host,
  https,
  development,
}: Parameters<typeof securityHeaders>[0]): string {
  // Older Safari does not count the WebSocket of the same host as 'self'.
  const socket = host === null ? '' : ` ${https ? 'wss' : 'ws'}://${host}`
  // Vite adds style elements without a nonce; it runs in development only.
  const styles = development ? `'self' 'unsafe-inline'` : `'self' 'nonce-${nonce}'`
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src ${styles}`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `media-src 'self' blob:`,
    `manifest-src 'self'`,
    `worker-src 'self'`,
    `connect-src 'self'${socket}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}
