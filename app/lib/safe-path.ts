/** No site can have this name, so whatever does not resolve to it leads away from here. */
const here = 'http://here.invalid'

/**
 * Where to go next, as an address of this very site. What leads elsewhere, or cannot be read, becomes `otherwise`:
 * nobody is sent to a foreign site by a link to our sign-in page.
 */
export function safePath(to: unknown, otherwise: string): string {
  if (typeof to !== 'string' || !to.startsWith('/') || !URL.canParse(to, here)) return otherwise
  const url = new URL(to, here)
  if (url.origin !== here) return otherwise
  const path = url.pathname + url.search + url.hash
  // `/.//evil.example` resolves to the path `//evil.example`, which a browser would take for a host.
  return path.startsWith('//') ? otherwise : path
}
