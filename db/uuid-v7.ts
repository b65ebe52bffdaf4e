import { randomFillSync } from 'node:crypto'

/** Of the 36 characters: where random digits stand, and the one of the variant, which is 8, 9, a or b. */
const randomAt = [15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]
const variantAt = 19
const digits = Buffer.from('0123456789abcdef')
const desk = Buffer.from('00000000-0000-7000-8000-000000000000')
const random = Buffer.allocUnsafeSlow(4_096)
let used = random.length
let stampedAt = 0

/**
 * A UUID version 7 (RFC 9562, 5.7): ids made later sort later, so an index grows at its end. Written digit by digit:
 * a batch of messages makes hundreds, and to join pieces leaves twenty short strings of each behind.
 * @param time milliseconds since 1970
 */
export function uuidV7(time: number): string {
  if (time !== stampedAt) stamp(time)
  if (used + desk.length > random.length) {
    randomFillSync(random)
    used = 0
  }
  for (const at of randomAt) desk[at] = digitOf(15 & byte())
  desk[variantAt] = digitOf(8 | (3 & byte()))
  return desk.toString('latin1')
}

function byte(): number {
  return random[used++] ?? 0
}

function digitOf(value: number): number {
  return digits[value] ?? 0
}

function stamp(time: number): void {
  const hex = time.toString(16).padStart(12, '0')
  desk.write(`${hex.slice(0, 8)}-${hex.slice(8)}`, 'latin1')
  stampedAt = time
}
