import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startTestNats } from './test-nats.ts'

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  const greeting = await once(socket, 'data').then(
    ([data]) => String(data),
    () => '',
  )
  socket.destroy()
  return greeting.startsWith('INFO')
}

it('is a real nats-server that goes away and comes back on the same port', async () => {
  const nats = await startTestNats()
  try {
    expect(await answers(nats.port)).toBe(true)
    await nats.stop()
    expect(await answers(nats.port)).toBe(false)
    expect(nats.pid).toBeUndefined()
    await nats.start()
    expect(await answers(nats.port)).toBe(true)
  } finally {
    await nats.stop()
  }
})

it('stops even when it was frozen', async () => {
  const nats = await startTestNats()
  nats.kill('SIGSTOP')
  await nats.stop()
  expect(nats.pid).toBeUndefined()
})
