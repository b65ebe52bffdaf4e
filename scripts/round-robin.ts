import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A TCP proxy that gives each new connection to the next of `ports`, and to the one after it when that does not answer.
 * @throws when the port cannot be bound
 */
export function startRoundRobin(port: number, host: string, ports: number[]): Promise<Server> {
  let turn = 0
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const first = turn++
    forward(
      client,
      ports.map((_, index) => ports[(first + index) % ports.length] ?? 0),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

function forward(client: Socket, [port, ...others]: number[]): void {
  if (port === undefined) {
    client.destroy()
    return
  }
  const instance = connect({ port, host: '127.0.0.1' })
  const giveUp = () => forward(client, others)
  instance.once('error', giveUp)
  instance.once('connect', () => {
    instance.off('error', giveUp)
    // Whichever side breaks off, the other one is told.
    instance.on('error', () => client.destroy()).on('close', () => client.destroy())
    client.on('error', () => instance.destroy()).on('close', () => instance.destroy())
    client.pipe(instance).pipe(client)
  })
}
