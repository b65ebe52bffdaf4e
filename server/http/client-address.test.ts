import { expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'

test('without a configured header the socket says who it is, whatever the client claims', () => {
  const forged = ['X-Forwarded-For', '203.0.113.9', 'Fly-Client-IP', '203.0.113.9']
  expect(clientAddress(forged, '192.0.2.1', '')).toBe('192.0.2.1')
})

test('the platform’s own header counts when it is configured', () => {
  const headers = ['X-Forwarded-For', '203.0.113.9', 'fly-client-ip', '198.51.100.7']
  expect(clientAddress(headers, '192.0.2.1', 'Fly-Client-IP')).toBe('198.51.100.7')
  expect(clientAddress(['Fly-Client-IP', '2001:db8::7'], '192.0.2.1', 'Fly-Client-IP')).toBe(
    '2001:db8::7',
  )
})

test('of a list the last entry counts, which the platform added', () => {
  const headers = ['X-Forwarded-For', '203.0.113.9, 198.51.100.7']
  expect(clientAddress(headers, '192.0.2.1', 'X-Forwarded-For')).toBe('198.51.100.7')
  const twice = ['X-Forwarded-For', '203.0.113.9', 'X-Forwarded-For', '198.51.100.7']
  expect(clientAddress(twice, '192.0.2.1', 'X-Forwarded-For')).toBe('198.51.100.7')
})

test('what is not an address, or is not there, does not count', () => {
  expect(clientAddress(['Fly-Client-IP', 'ada'], '192.0.2.1', 'Fly-Client-IP')).toBe('192.0.2.1')
  expect(clientAddress([], '192.0.2.1', 'Fly-Client-IP')).toBe('192.0.2.1')
  expect(clientAddress([], undefined, '')).toBe('unknown')
})

test('IPv4 inside IPv6 is the same person as on IPv4', () => {
  expect(clientAddress([], '::ffff:192.0.2.1', '')).toBe('192.0.2.1')
})
