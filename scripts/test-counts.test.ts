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
  expect(countVitest(file, true)).toMatchObject({ passed: 7, failed: 1 })
  await playwright({ expected: 3, skipped: 1 })
  expect(countPlaywright(file, true)).toMatchObject({ passed: 3, failed: 1 })
})

it('counts a test that passed at another try as failed', async () => {
  await playwright({ expected: 3, flaky: 2 })
  expect(countPlaywright(file, true)).toMatchObject({ passed: 3, failed: 2 })
})

it('counts a run that broke although each test passed as one failure', async () => {
  await vitest(7, 7)
  expect(countVitest(file, false)).toMatchObject({ passed: 7, failed: 1 })
  expect(countVitest(file, true)).toMatchObject({ passed: 7, failed: 0 })
})

it('counts a run without a test, or without a report, as one failure', async () => {
  expect(countVitest(file, true)).toMatchObject({ passed: 0, failed: 1 })
  await playwright({})
  expect(countPlaywright(file, true)).toMatchObject({ passed: 0, failed: 1 })
})

it('counts a run of faults by its cases, and as one failure when it broke', async () => {
  expect(countChaos(file, false)).toMatchObject({ passed: 0, failed: 1 })
  await writeFile(file, JSON.stringify({ passed: 20, failed: 0 }))
  expect(countChaos(file, true)).toMatchObject({ passed: 20, failed: 0 })
  expect(countChaos(file, false)).toMatchObject({ passed: 20, failed: 1 })
})

it('names what failed, with the first line of its reason', async () => {
  const name = join(process.cwd(), 'a.test.ts')
  const red = { fullName: 'adds', status: 'failed', failureMessages: ['Error: 3 is not 2\n  at a'] }
  const green = { fullName: 'counts', status: 'passed' }
  const testResults = [
    { name, status: 'failed', message: '', assertionResults: [green, red] },
    { name: 'b.test.ts', status: 'failed', message: 'it does not load', assertionResults: [] },
  ]
  await writeFile(file, JSON.stringify({ numPassedTests: 1, numTotalTests: 2, testResults }))
  expect(countVitest(file, false).failures).toEqual([
    'a.test.ts › adds › Error: 3 is not 2',
    'b.test.ts › it does not load',
  ])

  const spec = (title: string, status: string, message?: string) => ({
    ...{ title, file: 'chat.spec.ts' },
    tests: [{ status, results: [message === undefined ? {} : { error: { message } }] }],
  })
  const inner = {
    specs: [spec('sends', 'unexpected', 'Test timeout\nof 60 s'), spec('reads', 'expected')],
  }
  const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 }
  await writeFile(file, JSON.stringify({ stats, suites: [{ suites: [inner] }] }))
  expect(countPlaywright(file, false).failures).toEqual(['chat.spec.ts › sends › Test timeout'])
})
