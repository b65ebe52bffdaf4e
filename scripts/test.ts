/**
 * `npm test`: everything that has to hold, in one go. A step that fails does not stop the ones after it, so that one run
 * shows all there is to mend. The last line counts tests, and every other step as one.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { countChaos, countPlaywright, countVitest, type Count } from './test-counts.ts'
import { bringTestTools } from './test-tools.ts'

interface Step {
  name: string
  run: () => Count
}

const one = (isGood: boolean): Count =>
  isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

function execute(command: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) console.error(`${command} could not be started: ${error.message}`)
  return status === 0
}

const command = (name: string, program: string, ...args: string[]): Step => ({
  name,
  run: () => one(execute(program, ...args)),
})

let isBuilt = false
const steps: Step[] = [
  command('format', 'prettier', '--check', '--log-level=warn', '.'),
  command('lint', 'eslint', '.', '--max-warnings=0'),
  command('types', 'tsc', '--noEmit'),
  command('dead code', 'knip'),
  command('versions', process.execPath, 'scripts/check-versions.ts'),
  {
    name: 'unit and integration tests',
    run: () => {
      const reporters = ['--reporter=default', '--reporter=json']
      const isGood = execute(
        'vitest',
        'run',
        ...reporters,
        '--outputFile.json=test-results/vitest.json',
      )
      return countVitest('test-results/vitest.json', isGood)
    },
  },
  {
    name: 'build',
    run: () => {
      isBuilt = execute(process.execPath, 'scripts/build.ts')
      return one(isBuilt)
    },
  },
  {
    name: 'end-to-end tests',
    run: () => {
      if (!isBuilt) {
        console.error('not run: there is no build')
        return one(false)
      }
      return countPlaywright('test-results/playwright.json', execute('playwright', 'test'))
    },
  },
  {
    name: 'chaos',
    run: () => {
      if (!isBuilt) {
        console.error('not run: there is no build')
        return one(false)
      }
      return countChaos('test-results/chaos.json', execute(process.execPath, 'chaos/main.ts'))
    },
  },
]

const missing = bringTestTools()
for (const line of missing) console.error(`skein: ${line}`)
if (missing.length > 0) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}

rmSync('test-results', { recursive: true, force: true })
const total: Count = { passed: 0, failed: 0 }
const summary: string[] = []
for (const { name, run } of steps) {
  console.log(`\n── ${name} ──`)
  const begin = Date.now()
  const { passed, failed, failures = [] } = run()
  total.passed += passed
  total.failed += failed
  const seconds = ((Date.now() - begin) / 1000).toFixed(1)
  summary.push(
    [
      `${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed (${seconds} s)`,
      ...failures.map((line) => `    ✗ ${line}`),
    ].join('\n'),
  )
  console.log(summary.at(-1))
}
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)
