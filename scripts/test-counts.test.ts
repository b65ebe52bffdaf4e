import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTempFolder } from '../server/testing/temp-folder.ts'
import { countChaos, countPlaywright, countVitest } from './test-counts.ts'

let folder: Awaited<ReturnType<typeof makeTempFolder>>
let file: string

beforeEach(async () => {
  folder = await makeTempFolder()
  file = join(folder.path, 'report.json')
})
afterEach(() => folder.remove())

const vitest = (numPassedTests: number, numTotalTests: number) =>
  writeFile(file, JSON.stringify({ numPassedTests, numTotalTests }))

const playwright = (stats: object) =>
  writeFile(
    file,
    JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats } }),
  )

it('counts a skipped test as failed', async () => {
  await vitest(7, 8)
  expect(countVitest(file, true)).toEqual({ passed: 7, failed: 1 })
  await playwright({ expected: 3, skipped: 1 })
  expect(countPlaywright(file, true)).toEqual({ passed: 3, failed: 1 })
})

it('counts a test that passed at another try as failed', async () => {
  await playwright({ expected: 3, flaky: 2 })
  expect(countPlaywright(file, true)).toEqual({ passed: 3, failed: 2 })
})

it('counts a run that broke although each test passed as one failure', async () => {
  await vitest(7, 7)
  expect(countVitest(file, false)).toEqual({ passed: 7, failed: 1 })
  expect(countVitest(file, true)).toEqual({ passed: 7, failed: 0 })
})

it('counts a run without a test, or without a report, as one failure', async () => {
  expect(countVitest(file, true)).toEqual({ passed: 0, failed: 1 })
  await playwright({})
  expect(countPlaywright(file, true)).toEqual({ passed: 0, failed: 1 })
})

it('counts a run of faults by its cases, and as one failure when it broke', async () => {
  expect(countChaos(file, false)).toEqual({ passed: 0, failed: 1 })
  await writeFile(file, JSON.stringify({ passed: 20, failed: 0 }))
  expect(countChaos(file, true)).toEqual({ passed: 20, failed: 0 })
  expect(countChaos(file, false)).toEqual({ passed: 20, failed: 1 })
})
