import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function record(level: 'info' | 'debug' = 'info') {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const log = createLogger({ LOG_LEVEL: level, NODE_ENV: 'production' }, { write })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

test('a line is JSON with its time, level and fields', () => {
  const { log, last } = record()
  log.child({ requestId: 'r1' }).info({ ms: 3 }, 'request')
  expect(last()).toMatchObject({ level: 'info', requestId: 'r1', ms: 3, msg: 'request' })
  expect(new Date(String(last().time)).getTime()).toBeGreaterThan(Date.now() - 5_000)
})

test.each([
  'password',
  'token',
  'cookie',
  'authorization',
  'set-cookie',
  'text',
  'body',
  'input',
  'secret',
])('what is called %s never reaches the log, at any depth that is logged', (key) => {
  const { log, lines } = record()
  log.info({
    [key]: 'quack-quack',
    deep: { [key]: 'quack-quack', deeper: { [key]: 'quack-quack' } },
  })
  log.info({ headers: { [key]: 'quack-quack' } })
  expect(lines.join('')).toContain('[redacted]')
  expect(lines.join('')).not.toContain('quack-quack')
})

test('a failure is told with its causes, without rows, inputs and passwords', () => {
  const { log, lines, last } = record()
  const database = Object.assign(new Error('duplicate key value'), {
    code: '23505',
    constraint: 'users_email_key',
    detail: 'Key (email)=(ada@example.org) already exists.',
    parameters: ['ada@example.org'],
  })
  log.error(
    { err: new Error('cannot use postgres://skein:hunter2@db/skein', { cause: database }) },
    'failed',
  )
  expect(last()).toMatchObject({
    err: {
      message: 'cannot use postgres://skein:***@db/skein',
      cause: { code: '23505', constraint: 'users_email_key', message: 'duplicate key value' },
    },
  })
  expect(lines.join('')).not.toMatch(/hunter2|ada@example\.org/)
})

test('what is thrown that is no Error, and causes that go in circles, are told as well', () => {
  const { log, last } = record()
  log.error({ err: 'just words' })
  expect(last()).toMatchObject({ err: { type: 'string', message: 'just words' } })
  const circle = new Error('round')
  circle.cause = circle
  log.error({ err: circle })
  expect(last()).toMatchObject({
    err: { message: 'round', cause: { cause: { message: 'round' } } },
  })
})

test('the level decides what is written', () => {
  const quiet = record('info')
  quiet.log.debug('not said')
  expect(quiet.lines).toEqual([])
  const chatty = record('debug')
  chatty.log.debug('said')
  expect(chatty.lines).toHaveLength(1)
})
