/** Whether a Host header names this server. `invalid` is no name at all, `unknown` somebody else's. */
export type HostRule = (host: string) => 'ours' | 'unknown' | 'invalid'

const syntax = /^(?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/**
 * Ours are: the host of PUBLIC_URL, each of ALLOWED_HOSTS (with its port when it names one), and without a PUBLIC_URL
 * every loopback name. A page elsewhere that points its own name at this machine (DNS rebinding) finds nothing.
 */
export function createHostRule(publicUrl: URL | null, allowedHosts: readonly string[]): HostRule {
  const allowed = allowedHosts.map((host) => host.toLowerCase())
  return function judge(host) {
    if (!syntax.test(host) || !URL.canParse(`http://${host}`)) return 'invalid'
    const { hostname } = new URL(`http://${host}`)
    const plain = host.toLowerCase()
    if (publicUrl && hostOn(publicUrl.protocol, host) === publicUrl.host) return 'ours'
    if (allowed.some((name) => name === plain || name === hostname)) return 'ours'
    if (!publicUrl && isLoopback(hostname)) return 'ours'
    return 'unknown'
  }
}

/** `chat.example.org:443` on https is `chat.example.org`. */
export function hostOn(protocol: string, host: string): string {
  return new URL(`${protocol}//${host}`).host
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
