/**
 * A WebSocket client that does next to nothing: it finds the frames in what arrives and hands over where their text
 * begins and ends. All sockets read into one buffer, and what they send is masked with zeros, which changes no byte.
 * The generator has to be quicker than every server it measures, on a machine they share.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface RawSocketEvents {
  /** A text frame; the buffer is valid during the call only. */
  text: (buffer: Buffer, start: number, end: number) => void
  /** The connection is gone, and nobody here asked for it. */
  lost: (why: Error) => void
}

export interface RawSocketTarget {
  port: number
  path: string
  headers: Record<string, string>
}

const readBuffer = Buffer.allocUnsafe(256 * 1024)
const openMs = 30_000

export class RawSocket {
  readonly #socket: Socket
  readonly #events: RawSocketEvents
  #pending: Buffer | null = null
  #upgraded: (() => void) | null = null
  #closed = false

  private constructor(target: RawSocketTarget, events: RawSocketEvents, upgraded: () => void) {
    this.#events = events
    this.#upgraded = upgraded
    this.#socket = connect({
      host: '127.0.0.1',
      port: target.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (size, buffer) => {
          this.#read(Buffer.isBuffer(buffer) ? buffer : readBuffer, size)
          return true
        },
      },
    })
    this.#socket.on('error', (error) => this.#lose(error))
    this.#socket.on('close', () => this.#lose(new Error('the server closed the connection')))
    this.#socket.write(upgradeRequest(target))
  }

  /** Resolves when the server has agreed to speak WebSocket. */
  static open(target: RawSocketTarget, events: RawSocketEvents): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => fail(new Error('the server did not answer in time')), openMs)
      let isOpen = false
      const fail = (why: Error) => {
        clearTimeout(late)
        if (isOpen) return events.lost(why)
        socket.close()
        reject(why)
      }
      const socket = new RawSocket(target, { text: events.text, lost: fail }, () => {
        isOpen = true
        clearTimeout(late)
        resolve(socket)
      })
    })
  }

  send(text: string): void {
    this.#write(0x81, Buffer.from(text))
  }

  /** Cuts the connection without a word. */
  close(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  #write(first: number, payload: Buffer): void {
    if (this.#closed) return
    const size = payload.length
    const header = Buffer.alloc(size < 126 ? 6 : 8)
    header[0] = first
    if (size < 126) header[1] = 0x80 | size
    else {
      header[1] = 0x80 | 126
      header.writeUInt16BE(size, 2)
    }
    this.#socket.write(Buffer.concat([header, payload]))
  }

  #read(chunk: Buffer, size: number): void {
    let buffer = chunk
    let end = size
    if (this.#pending) {
      buffer = Buffer.concat([this.#pending, chunk.subarray(0, size)])
      end = buffer.length
      this.#pending = null
    }
    let at = 0
    if (this.#upgraded) {
      const headEnd = buffer.indexOf('\r\n\r\n')
      if (headEnd < 0 || headEnd >= end) {
        this.#pending = Buffer.from(buffer.subarray(0, end))
        return
      }
      if (!buffer.subarray(0, 16).toString('latin1').startsWith('HTTP/1.1 101'))
        return this.#lose(new Error(buffer.toString('latin1', 0, Math.min(end, 600))))
      at = headEnd + 4
      const upgraded = this.#upgraded
      this.#upgraded = null
      upgraded()
    }
    at = this.#readFrames(buffer, at, end)
    if (at < end && !this.#closed) this.#pending = Buffer.from(buffer.subarray(at, end))
  }

  /** @returns where the first frame begins that is not there as a whole. */
  #readFrames(buffer: Buffer, from: number, end: number): number {
    let at = from
    while (at + 2 <= end && !this.#closed) {
      const first = buffer[at] ?? 0
      let size = buffer[at + 1] ?? 0
      let start = at + 2
      if (size === 126) {
        if (at + 4 > end) break
        size = buffer.readUInt16BE(at + 2)
        start = at + 4
      } else if (size === 127) {
        if (at + 10 > end) break
        size = Number(buffer.readBigUInt64BE(at + 2))
        start = at + 10
      }
      if (start + size > end) break
      this.#takeFrame(first, buffer, start, start + size)
      at = start + size
    }
    return at
  }

  #takeFrame(first: number, buffer: Buffer, start: number, end: number): void {
    if (first === 0x81) this.#events.text(buffer, start, end)
    else if (first === 0x89) this.#write(0x8a, Buffer.from(buffer.subarray(start, end)))
    else if (first === 0x88)
      this.#lose(new Error(`closed by the server: ${describeClose(buffer, start, end)}`))
    else if (first !== 0x8a) this.#lose(new Error(`a frame nobody sends: 0x${first.toString(16)}`))
  }

  #lose(why: Error): void {
    if (this.#closed) return
    this.close()
    this.#events.lost(why)
  }
}

function describeClose(buffer: Buffer, start: number, end: number): string {
  if (end - start < 2) return 'no reason'
  return `${buffer.readUInt16BE(start)} ${buffer.toString('utf8', start + 2, end)}`
}

function upgradeRequest({ port, path, headers }: RawSocketTarget): string {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}
