import pino from 'pino'
import { expect, test } from 'vitest'
import { createMetrics } from '../observe/metrics.ts'
import { createPerson, write } from '../testing/log-fixture.ts'
import { logInstances } from '../testing/log-instances.ts'
import { WatchedStream } from './watched-stream.ts'

const { start } = logInstances()
const mostBytes = 1_000_000

test('a stream that is closed gives all its memory back, also while it reads the log', async () => {
  const here = await start()
  const person = await createPerson(here, 'remembered')
  for (let i = 0; i < 3; i++) await write(here, [person])
  const recentBudget = { left: mostBytes }
  const services = {
    db: here.db,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    recentBudget,
    takesBack: () => false,
  }
  const open = () => new WatchedStream(person, Promise.resolve(0), services)

  const filled = open()
  expect(await filled.fillTo(3)).toBe(true)
  expect(recentBudget.left).toBeLessThan(mostBytes)
  await filled.close()
  expect(recentBudget.left).toBe(mostBytes)

  const asked = open()
  await asked.ready
  const filling = asked.fillTo(3)
  await Promise.all([asked.close(), filling])
  expect(recentBudget.left).toBe(mostBytes)

  const reading = open()
  const read = reading.fill()
  await Promise.all([reading.close(), read])
  expect(recentBudget.left).toBe(mostBytes)
})
