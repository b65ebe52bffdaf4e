import { randomUUID } from 'node:crypto'

/**
 * A UUID version 7 (RFC 9562, 5.7): ids made later sort later, so an index grows at its end.
 * @param time milliseconds since 1970
 */
export function uuidV7(time: number): string {
  const stamp = time.toString(16).padStart(12, '0')
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${randomUUID().slice(15)}`
}
