/**
 * Every message of the bench says, in its text, who sent it and as which one: `~b` and two numbers. It travels through
 * every target as it is, so one search finds it in any wire format.
 */
const needle = Buffer.from('~b')
const senderDigits = 5
const numberDigits = 7
const filling = ' a message of forty characters'

/** Forty characters of text. */
export function markedText(sender: number, number: number): string {
  const digits =
    String(sender).padStart(senderDigits, '0') + String(number).padStart(numberDigits, '0')
  return `~b${digits}${filling}`.slice(0, 40)
}

/** Calls `found` for each marker between `start` and `end`, in order, with the place where it stands. */
export function findMarkers(
  buffer: Buffer,
  start: number,
  end: number,
  found: (sender: number, number: number, at: number) => void,
): void {
  for (let at = buffer.indexOf(needle, start); at >= 0 && at < end;) {
    const digits = at + needle.length
    const stop = digits + senderDigits + numberDigits
    found(
      readDigits(buffer, digits, digits + senderDigits),
      readDigits(buffer, digits + senderDigits, stop),
      at,
    )
    at = buffer.indexOf(needle, stop)
  }
}

function readDigits(buffer: Buffer, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + (buffer[at] ?? 48) - 48
  return value
}
