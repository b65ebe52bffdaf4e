import { existsSync, readFileSync } from 'node:fs'

export interface Count {
  passed: number
  failed: number
  /** What failed, in a line each: the end of a log is often all that is left of it. */
  failures?: readonly string[]
}

interface VitestReport {
  numPassedTests: number
  numTotalTests: number
  testResults?: readonly {
    name: string
    status: string
    message: string
    assertionResults: readonly {
      fullName: string
      status: string
      failureMessages?: readonly string[]
    }[]
  }[]
}

interface PlaywrightSuite {
  suites?: readonly PlaywrightSuite[]
  specs?: readonly {
    title: string
    file: string
    tests: readonly {
      status: string
      results: readonly { error?: { message?: string } }[]
    }[]
  }[]
}

interface PlaywrightReport extends PlaywrightSuite {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/** What vitest reported. What did not pass has failed, skipped tests too. */
export function countVitest(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const passed = report.numPassedTests
  const failures = (report.testResults ?? []).flatMap((ran) => {
    const red = ran.assertionResults.filter(({ status }) => status !== 'passed')
    const lines = red.map((test) => failure(ran.name, test.fullName, test.failureMessages?.[0]))
    // A file that could not be loaded has no test of its own to name.
    return lines.length > 0 || ran.status === 'passed'
      ? lines
      : [failure(ran.name, '', ran.message)]
  })
  return settle({ passed, failed: report.numTotalTests - passed, failures }, isGood)
}

/** What Playwright reported. A test that passed only at another try has failed. */
export function countPlaywright(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  const report = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
  const { stats } = report
  const failures = specsOf(report).flatMap(({ file: name, title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ results }) =>
        failure(name, title, results.find(({ error }) => error)?.error?.message),
      ),
  )
  const failed = stats.unexpected + stats.flaky + stats.skipped
  return settle({ passed: stats.expected, failed, failures }, isGood)
}

/** What `npm run chaos` reported: the common line of each fault, and each bound. */
export function countChaos(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  return settle(JSON.parse(readFileSync(file, 'utf8')) as Count, isGood)
}

const specsOf = (suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> => [
  ...(suite.specs ?? []),
  ...(suite.suites ?? []).flatMap(specsOf),
]

function failure(file: string, title: string, message = ''): string {
  const reason = message.split('\n', 1)[0] ?? ''
  const place = file.replace(`${process.cwd()}/`, '')
  return [place, title, reason].filter((part) => part !== '').join(' › ')
}

/** A run that ended badly, or that ran nothing, has failed, whatever its tests say. */
function settle(count: Count, isGood: boolean): Count {
  const isClean = isGood && count.passed > 0
  return isClean || count.failed > 0 ? count : { ...count, failed: 1 }
}
