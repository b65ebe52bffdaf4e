import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy in front of instances, with the faults of a network. */
export interface LineProxy {
  url: string
  /** Where new connections go. */
  target: string
  /** `block`: what asks for an upgrade is answered 403, as some proxies do. */
  upgrades: 'pass' | 'block'
  /** So many of the next answers get lost on their way back, with the connection; the requests arrive. */
  lostAnswers: number
  /** So many of the next sends are answered by a page of the proxy's own, and do not arrive. */
  pages: number
  /** New connections are refused. */
  isDown: boolean
  /** Connections that were made so far. */
  readonly count: number
  /** Cuts every connection. */
  cut: () => void
  /** Neither side hears anything any more, nor that the other is gone. */
  freeze: () => void
  close: () => Promise<void>
}

const notFound =
  'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 10\r\nConnection: close\r\n\r\n<h1>?</h1>'

export async function startLineProxy(target: string): Promise<LineProxy> {
  const pairs = new Set<[Socket, Socket]>()
  let count = 0
  const server = createServer((client) => {
    count++
    if (proxy.isDown) {
      client.destroy()
      return
    }
    const { hostname, port } = new URL(proxy.target)
    const instance = connect({ host: hostname, port: Number(port) })
    const pair: [Socket, Socket] = [client, instance]
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      instance.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.on('data', (data) => {
      if (proxy.upgrades === 'block' && /^upgrade: *websocket/im.test(data.toString('latin1')))
        client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      else if (proxy.pages > 0 && data.toString('latin1').startsWith('POST /trpc/messages.send')) {
        proxy.pages--
        client.end(notFound)
      } else instance.write(data)
    })
    instance.on('data', (data) => {
      if (proxy.lostAnswers > 0) {
        proxy.lostAnswers--
        end()
      } else client.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const [client] of pairs) client.destroy()
  }
  const proxy: LineProxy = {
    url: `http://127.0.0.1:${port}`,
    target,
    upgrades: 'pass',
    lostAnswers: 0,
    pages: 0,
    isDown: false,
    get count() {
      return count
    },
    cut,
    freeze() {
      for (const pair of pairs) for (const socket of pair) socket.pause().removeAllListeners('data')
    },
    async close() {
      server.close()
      cut()
    },
  }
  return proxy
}
