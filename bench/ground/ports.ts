import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** @throws Error when nobody listens there within half a minute. */
export async function untilPortAnswers(port: number, name: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(25)) {
    const socket = connect({ host: '127.0.0.1', port })
    const answered = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (answered) return
  }
  throw new Error(`${name} does not listen on port ${port}`)
}
