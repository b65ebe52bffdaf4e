import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { carry } from '../../log/carried-event.ts'
import { encodeTextFrame } from './encode-text-frame.ts'
import { FactFrames } from './fact-frames.ts'

const stream = '018f0000-0000-7000-8000-000000000001'
const event = (seq: number) =>
  carry({
    stream,
    seq,
    type: 'session.ended',
    version: 1,
    at: '',
    actorId: null,
    payload: { sessionId: stream },
  })

test('sockets that get the same events under the same id share one frame, others do not', () => {
  const frames = new FactFrames()
  const [one, two] = [event(1), event(2)]
  const shared = frames.frame(1, 'here', [one, two])
  expect(frames.frame(1, 'here', [one, two])).toBe(shared)
  expect(frames.frame(2, 'here', [one, two])).not.toBe(shared)
  expect(frames.frame(1, 'there', [one, two])).not.toBe(shared)
  expect(frames.frame(1, 'here', [one])).not.toBe(shared)
  expect(frames.frame('1', 'here', [one, two]).toString('utf8')).toContain('"id":"1"')
})

test('frames of every length are read by a stock WebSocket as they were written', async () => {
  const texts = [0, 1, 125, 126, 127, 21_844, 21_845, 21_846, 65_535, 65_536, 200_000].map(
    (n) => 'é'.repeat(n >> 1) + 'x'.repeat(n & 1),
  )
  const server = createServer((socket) => void shakeHands(socket, texts)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ws = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const received: string[] = []
  ws.on('message', (data) => received.push((data as Buffer).toString('utf8')))
  await once(ws, 'close')
  server.close()
  expect(received.map(({ length }) => length)).toEqual(texts.map(({ length }) => length))
  expect(received).toEqual(texts)
})

/** Takes the upgrade, writes the texts, hangs up. */
async function shakeHands(socket: Socket, texts: readonly string[]): Promise<void> {
  const [request] = (await once(socket, 'data')) as [Buffer]
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request.toString())?.[1] ?? ''
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  for (const text of texts) {
    const middle = text.length >> 1
    socket.write(encodeTextFrame([text.slice(0, middle), '', text.slice(middle)]))
  }
  socket.end()
}
