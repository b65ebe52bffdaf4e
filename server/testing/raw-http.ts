import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  /** Lower-case names; several of one name are joined by ", ". */
  headers: Record<string, string>
  body: string
}

/** Sends bytes as they are and reads until the server hangs up: what no HTTP client would let one say. */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const socket = openSocket(url)
  socket.write(text)
  return parseAnswer(await readAll(socket))
}

/** A request with these lines after the first; the connection is closed after the answer. */
export function rawRequest(
  method: string,
  target: string,
  lines: readonly string[],
  body = '',
): string {
  return [`${method} ${target} HTTP/1.1`, ...lines, 'Connection: close', '', body].join('\r\n')
}

function openSocket(url: string): Socket {
  const { port } = new URL(url)
  return connect({ port: Number(port), host: '127.0.0.1' })
}

function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).toLowerCase()
    const value = line.slice(at + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  return { status: Number(first.split(' ')[1]), headers, body: text.slice(end + 4) }
}
