import { expect, test } from 'vitest'
import { OwnDevices } from './own-devices.ts'
import { presenceTimes } from './presence-times.ts'

const { graceMs, saidMs, unprobedMs } = presenceTimes
const laptop = { userId: 'ada', key: 'laptop', isProbed: true }
const phone = { userId: 'ada', key: 'phone', isProbed: false }
const make = () => new OwnDevices(presenceTimes)
const changes = (devices: OwnDevices, now: number) => Object.fromEntries(devices.settle(now))

test('an idle device beside an active one hides nothing', () => {
  const devices = make()
  devices.note(laptop, true, 0)
  devices.note(phone, false, 10)
  expect(changes(devices, 20)).toEqual({ ada: 'online' })
  devices.note(laptop, false, 30)
  expect(changes(devices, 40)).toEqual({ ada: 'away' })
  devices.note(phone, true, 50)
  expect(changes(devices, 60)).toEqual({ ada: 'online' })
})

test('nothing is told while nothing changes, however often devices say the same', () => {
  const devices = make()
  for (let now = 0; now < 200_000; now += 25_000) {
    devices.note(laptop, true, now)
    expect(changes(devices, now)).toEqual(now === 0 ? { ada: 'online' } : {})
  }
})

test('a closed connection counts for a moment longer, so that a reload is no absence', () => {
  const devices = make()
  devices.open(laptop)
  devices.note(laptop, true, 0)
  devices.settle(0)
  devices.close(laptop, 1_000)
  expect(changes(devices, 1_000 + graceMs - 1)).toEqual({})
  const reloaded = { userId: 'ada', key: 'laptop, reloaded', isProbed: true }
  devices.open(reloaded)
  devices.note(reloaded, true, 1_000 + graceMs - 1)
  expect(changes(devices, 1_000 + graceMs)).toEqual({})
  devices.close(reloaded, 20_000)
  expect(changes(devices, 20_000 + graceMs)).toEqual({ ada: 'offline' })
})

test('a connection that stays open without a word is away, not gone: browsers slow down hidden pages', () => {
  const devices = make()
  devices.open(laptop)
  devices.note(laptop, true, 0)
  expect(changes(devices, 0)).toEqual({ ada: 'online' })
  expect(changes(devices, saidMs)).toEqual({ ada: 'away' })
  expect(changes(devices, 100 * saidMs)).toEqual({})
})

test('a device without a connection of its own is gone when it says nothing for a minute', () => {
  const devices = make()
  devices.note(phone, false, 0)
  expect(changes(devices, saidMs - 1)).toEqual({ ada: 'away' })
  expect(changes(devices, saidMs)).toEqual({ ada: 'offline' })
})

test('an event stream that stays open without a word is gone after two minutes: its line may be dead', () => {
  const devices = make()
  devices.open(phone)
  devices.note(phone, false, 0)
  expect(changes(devices, unprobedMs - 1)).toEqual({ ada: 'away' })
  expect(changes(devices, unprobedMs)).toEqual({ ada: 'offline' })
  devices.note(phone, true, 2 * unprobedMs)
  expect(changes(devices, 2 * unprobedMs)).toEqual({ ada: 'online' })
})

test('who only reads hints, as a bot does, is not here', () => {
  const devices = make()
  devices.open(laptop)
  expect(changes(devices, 0)).toEqual({})
})

test('a device with several streams is there until the last of them ends', () => {
  const devices = make()
  devices.open(laptop)
  devices.open(laptop)
  devices.note(laptop, true, 0)
  devices.settle(0)
  devices.close(laptop, 0)
  expect(changes(devices, graceMs)).toEqual({})
  devices.close(laptop, graceMs)
  expect(changes(devices, 2 * graceMs)).toEqual({ ada: 'offline' })
})
