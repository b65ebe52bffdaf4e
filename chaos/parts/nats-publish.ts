import { connect } from 'node:net'

/**
 * Publishes raw bytes, by hand: what a program that is broken, or newer, might say on the bus.
 * @returns what the server said to it, up to the answer to a last PING; larger messages than it takes end with -ERR.
 */
export async function natsPublish(
  port: number,
  messages: readonly { subject: string; data: Buffer | string }[],
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise((resolve) => socket.on('close', resolve))
  let said = ''
  socket.on('data', (data) => {
    said += data.toString()
    if (said.includes('PONG') || said.includes('-ERR')) socket.end()
  })
  // The server cuts whoever sends too much, perhaps while it still sends.
  socket.on('error', (error) => (said += error.message))
  socket.write('CONNECT {"verbose":false,"pedantic":false}\r\n')
  for (const { subject, data } of messages) {
    socket.write(`PUB ${subject} ${Buffer.byteLength(data)}\r\n`)
    socket.write(data)
    socket.write('\r\n')
  }
  socket.write('PING\r\n')
  await closed
  return said
}
