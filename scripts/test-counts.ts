import { existsSync, readFileSync } from 'node:fs'

export interface Count {
  passed: number
  failed: number
}

interface VitestReport {
  numPassedTests: number
  numTotalTests: number
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/** What vitest reported. What did not pass has failed, skipped tests too. */
export function countVitest(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const passed = report.numPassedTests
  return settle({ passed, failed: report.numTotalTests - passed }, isGood)
}

/** What Playwright reported. A test that passed only at another try has failed. */
export function countPlaywright(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  const { stats } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
  return settle(
    { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped },
    isGood,
  )
}

/** What `npm run chaos` reported: the common line of each fault, and each bound. */
export function countChaos(file: string, isGood: boolean): Count {
  if (!existsSync(file)) return settle({ passed: 0, failed: 0 }, isGood)
  return settle(JSON.parse(readFileSync(file, 'utf8')) as Count, isGood)
}

/** A run that ended badly, or that ran nothing, has failed, whatever its tests say. */
function settle(count: Count, isGood: boolean): Count {
  const isClean = isGood && count.passed > 0
  return isClean || count.failed > 0 ? count : { ...count, failed: 1 }
}
