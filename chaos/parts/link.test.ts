import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { Link } from './link.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Somebody who says everything back in capitals, behind a link. */
async function openEcho() {
  const held: Socket[] = []
  const server = createServer((socket) => {
    held.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => socket.write(data.toString().toUpperCase()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await Link.open((server.address() as AddressInfo).port)
  cleanUps.push(() => server.close())
  cleanUps.push(() => held.forEach((socket) => socket.destroy()))
  cleanUps.push(() => link.close())
  return { link, held }
}

function call(link: Link) {
  const socket = connect(link.port, '127.0.0.1')
  const heard: string[] = []
  let ending = ''
  socket.on('data', (data) => heard.push(data.toString()))
  socket.on('error', (error) => (ending = 'code' in error ? String(error.code) : 'failed'))
  socket.on('close', () => (ending ||= 'closed'))
  cleanUps.push(() => socket.destroy())
  return { socket, heard: () => heard.join(''), ending: () => ending }
}

test('in clear weather everything passes, the end too', async () => {
  const { link } = await openEcho()
  const { socket, heard, ending } = call(link)
  socket.write('honk')
  await expect.poll(heard).toBe('HONK')
  socket.end()
  await expect.poll(ending).toBe('closed')
  await expect.poll(() => link.connections).toBe(0)
})

test('what stalls goes on where it was when the weather clears', async () => {
  const { link } = await openEcho()
  const { socket, heard } = call(link)
  socket.write('a')
  await expect.poll(heard).toBe('A')
  link.weather = { kind: 'stalled' }
  socket.write('b')
  await sleep(100)
  expect(heard()).toBe('A')
  link.weather = { kind: 'clear' }
  await expect.poll(heard).toBe('AB')
})

test('a half-open connection stays silent for ever, and neither side hears that the other went', async () => {
  const { link, held } = await openEcho()
  const { socket, heard, ending } = call(link)
  socket.write('a')
  await expect.poll(heard).toBe('A')
  link.weather = { kind: 'half-open' }
  link.weather = { kind: 'clear' }
  socket.write('b')
  held[0]?.destroy()
  await sleep(100)
  expect(heard()).toBe('A')
  expect(ending()).toBe('')
  const later = call(link)
  later.socket.write('c')
  await expect.poll(later.heard).toBe('C')
})

test('a reset reaches both sides; refused means refused', async () => {
  const { link, held } = await openEcho()
  const { socket, heard, ending } = call(link)
  socket.write('a')
  await expect.poll(heard).toBe('A')
  link.reset()
  await expect.poll(ending).toBe('ECONNRESET')
  await expect.poll(() => held[0]?.destroyed).toBe(true)
  link.weather = { kind: 'refused' }
  const late = call(link)
  await expect.poll(late.ending).toBe('ECONNRESET')
})

test('a trickle is one byte a second, slow waits and keeps the order', async () => {
  const { link } = await openEcho()
  const { socket, heard } = call(link)
  link.weather = { kind: 'slow', milliseconds: () => 60 }
  const begin = performance.now()
  for (const word of ['a', 'b', 'c']) socket.write(word)
  await expect.poll(heard).toBe('ABC')
  expect(performance.now() - begin).toBeGreaterThan(100)
  link.weather = { kind: 'trickle' }
  socket.write('de')
  await sleep(700)
  expect(heard()).toBe('ABC')
  link.weather = { kind: 'clear' }
  await expect.poll(heard).toBe('ABCDE')
})

test('an answer that is cut has reached the server, and the caller hears nothing of it', async () => {
  const { link, held } = await openEcho()
  link.cutsAnswer = () => true
  const { socket, heard, ending } = call(link)
  socket.write('a')
  await expect.poll(ending).toBe('ECONNRESET')
  expect(heard()).toBe('')
  expect(held[0]?.bytesRead).toBe(1)
  expect(link.answersCut).toBe(1)
})
