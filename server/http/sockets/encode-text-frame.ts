/** Longest header of a server's frame. */
const mostHeader = 10
const mostShort = 64 * 1024
/** Where a frame is put together before its length is known. */
const desk = Buffer.allocUnsafeSlow(mostHeader + mostShort)

/**
 * A whole text message as one WebSocket frame of a server: final, not masked, not compressed (RFC 6455, 5.2).
 * @param parts of the text, one after the other; to join them first would copy each twice more
 */
export function encodeTextFrame(parts: readonly string[]): Buffer {
  let characters = 0
  for (const part of parts) characters += part.length
  // A character is three bytes at the most.
  if (characters * 3 > mostShort) return encodeLong(Buffer.from(parts.join('')))
  let end = mostHeader
  for (const part of parts) end += desk.write(part, end)
  const size = end - mostHeader
  const start = mostHeader - headerLength(size)
  writeHeader(desk, start, size)
  const frame = Buffer.allocUnsafe(end - start)
  desk.copy(frame, 0, start, end)
  return frame
}

function encodeLong(text: Buffer): Buffer {
  const start = headerLength(text.length)
  const frame = Buffer.allocUnsafe(start + text.length)
  writeHeader(frame, 0, text.length)
  text.copy(frame, start)
  return frame
}

function headerLength(size: number): number {
  return size < 126 ? 2 : size < 65_536 ? 4 : 10
}

function writeHeader(frame: Buffer, at: number, size: number): void {
  frame[at] = 0x81
  if (size < 126) frame[at + 1] = size
  else if (size < 65_536) {
    frame[at + 1] = 126
    frame.writeUInt16BE(size, at + 2)
  } else {
    frame[at + 1] = 127
    frame.writeBigUInt64BE(BigInt(size), at + 2)
  }
}
