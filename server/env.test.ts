import { expect, test } from 'vitest'
import { EnvError, readEnv } from './env.ts'

test.each([
  ['NATS_URL', ':::'],
  ['NATS_URL', 'nats://'],
  ['NATS_URL', 'http://127.0.0.1:4222'],
  ['NATS_URL', 'nats://one:4222, two:port'],
  ['NATS_URL', 'nats://one:4222,'],
  ['ALLOWED_ORIGINS', 'app.example.org'],
  ['ALLOWED_ORIGINS', 'https://app.example.org, nope'],
  ['ALLOWED_ORIGINS', 'https://app.example.org/path'],
  ['ALLOWED_HOSTS', 'https://chat.example.org'],
  ['ALLOWED_HOSTS', 'a b'],
  ['CLIENT_ADDRESS_HEADER', 'Fly-Client-IP: 1.2.3.4'],
])('a %s of "%s" is refused by its name before anything starts', (name, value) => {
  expect(() => readEnv({ [name]: value })).toThrow(EnvError)
  expect(() => readEnv({ [name]: value })).toThrow(`bad environment: ${name}: `)
})

test('what operators write is taken', () => {
  const env = {
    NATS_URL: 'nats://user:secret@127.0.0.1:4222, tls://nats.example.org, nats-2:4222, [::1]:4222',
    ALLOWED_ORIGINS: 'https://app.example.org, http://localhost:5173/',
    ALLOWED_HOSTS: 'chat.example.org, chat.example.org:8443, 10.0.0.7, [fd00::1]:3000',
    CLIENT_ADDRESS_HEADER: 'Fly-Client-IP',
  }
  expect(readEnv(env).ALLOWED_HOSTS).toHaveLength(4)
})
