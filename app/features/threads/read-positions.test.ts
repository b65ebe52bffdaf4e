import { expect, it } from 'vitest'
import { SkeinError } from '../../../client/index.ts'
import { ReadPositions } from './read-positions.ts'

/** How a call fails that found no way. */
const noWay = new SkeinError('NO_ANSWER', 'The server could not be reached.')

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve))
}

it('tells what found no way again, once there is one', async () => {
  const positions = new ReadPositions()
  const told: string[] = []
  let way = false
  positions.tell('thread', async () => {
    if (!way) throw noWay
    told.push('read to 7')
  })
  await settled()
  expect(told).toEqual([])
  way = true
  positions.wake()
  await settled()
  positions.wake()
  await settled()
  expect(told).toEqual(['read to 7'])
})

it('is not overtaken by its own earlier word, and leaves out what is out of date', async () => {
  const positions = new ReadPositions()
  const told: string[] = []
  let answer: () => void = () => undefined
  positions.tell('thread', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    told.push('read to 5')
  })
  positions.tell('thread', async () => told.push('read to 6'))
  positions.tell('thread', async () => told.push('unread from 2'))
  await settled()
  expect(told).toEqual([])
  answer()
  await settled()
  expect(told).toEqual(['read to 5', 'unread from 2'])
})
