import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { until } from '../testing/log-fixture.ts'
import { startTestNats } from '../testing/test-nats.ts'
import { connectNatsBus } from './nats-bus.ts'

test('what a socket fails with after it was let go of ends no process, also of a connection that came back', async () => {
  const opened = vi.spyOn(net, 'createConnection')
  const newest = () => opened.mock.results.at(-1)?.value as Socket
  const nats = await startTestNats()
  const bus = connectNatsBus(nats.url, pino({ level: 'silent' }))
  try {
    await until(() => bus.connected, 3_000, 'connected')
    const first = newest()
    await nats.stop()
    await nats.start()
    await until(() => bus.connected && newest() !== first, 5_000, 'back')
    const second = newest()
    await bus.close()
    // As Node does with a write that failed: without a listener it is thrown.
    for (const socket of [first, second])
      expect(socket.emit('error', new Error('write after end'))).toBe(true)
  } finally {
    await bus.close()
    await nats.stop()
  }
})

test('a server that refuses the credentials for a while is asked again until it does not', async () => {
  const nats = await startTestNats()
  await nats.stop()
  await nats.start(['--user', 'somebody', '--pass', 'else'])
  const bus = connectNatsBus(nats.url, pino({ level: 'silent' }))
  try {
    await sleep(4_000)
    expect(bus.connected).toBe(false)
    await nats.stop()
    await nats.start()
    await until(() => bus.connected, 5_000, 'connected')
  } finally {
    await bus.close()
    await nats.stop()
  }
})
