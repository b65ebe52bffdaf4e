import type { Duplex } from 'node:stream'

/** One client: what it is written to, and what waits while it is being told what it missed. */
export interface Member {
  socket: Duplex
  /** Live messages that came while a resume was being read; null when there is none under way. */
  held: Map<number, { id: number; frame: Buffer }[]> | null
  threads: Set<number>
  /** ids that a resume brought: the bus may bring them once more. */
  resumed: ReadonlySet<number> | null
}

/** Who hears what on this instance. */
export class Rooms {
  readonly #rooms = new Map<number, Set<Member>>()

  join(member: Member, thread: number): void {
    member.threads.add(thread)
    const room = this.#rooms.get(thread)
    if (room) room.add(member)
    else this.#rooms.set(thread, new Set([member]))
  }

  leave(member: Member): void {
    for (const thread of member.threads) this.#rooms.get(thread)?.delete(member)
  }

  /** The same bytes to everyone: one frame per message, made once. */
  broadcast(thread: number, id: number, json: string): void {
    const room = this.#rooms.get(thread)
    if (!room || room.size === 0) return
    const frame = textFrame(json)
    for (const member of room) {
      const held = member.held?.get(thread)
      if (member.resumed?.has(id)) continue
      if (held) held.push({ id, frame })
      else member.socket.write(frame)
    }
  }
}

/** A frame of the server's: no mask, never fragmented (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const size = Buffer.byteLength(text)
  const headerSize = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerSize + size)
  frame[0] = 0x81
  if (headerSize === 2) frame[1] = size
  else if (headerSize === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(size), 2)
  }
  frame.write(text, headerSize)
  return frame
}
