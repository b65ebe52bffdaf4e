import { defineConfig, devices } from '@playwright/test'
import { findChromium } from './scripts/test-tools.ts'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Each worker starts instances of its own: e2e/cluster.ts.
  globalSetup: './scripts/build-for-e2e.ts',
  outputDir: 'test-results/e2e',
  // A test that passes only sometimes has found something.
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  projects: [
    { name: 'journeys', grepInvert: /@alone/ },
    // What has a bound in milliseconds comes last, while no other browser wants the same cores.
    { name: 'alone', grep: /@alone/, dependencies: ['journeys'] },
  ],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findChromium() ?? 'chromium',
      args: [
        // As root (containers, CI) Chromium runs without its sandbox or not at all.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
