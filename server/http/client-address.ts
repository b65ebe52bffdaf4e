import { isIP } from 'node:net'

/**
 * Who is at the other end: the socket's address, or what the platform's own header says where one is configured
 * (CLIENT_ADDRESS_HEADER). Of a list, the last entry counts: the platform appended it, the client wrote the others.
 */
export function clientAddress(
  rawHeaders: readonly string[],
  socketAddress: string | undefined,
  headerName: string,
): string {
  const name = headerName.toLowerCase()
  const values =
    name === ''
      ? []
      : rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name)
  const told = values.at(-1)?.split(',').at(-1)?.trim() ?? ''
  const address = isIP(told) === 0 ? (socketAddress ?? 'unknown') : told
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
