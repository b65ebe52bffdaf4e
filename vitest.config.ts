import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '~': fileURLToPath(new URL('app', import.meta.url)) } },
  test: {
    environment: 'node',
    include: ['server', 'db', 'client', 'app', 'scripts', 'chaos', 'bench', 'examples'].map(
      (room) => `${room}/**/*.test.{ts,tsx}`,
    ),
    // One Postgres for the whole run, a database of its own for each test file that asks.
    globalSetup: ['server/testing/global-setup.ts'],
    // What is written to console.error fails the test that wrote it.
    setupFiles: ['server/testing/fail-on-console-error.ts'],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 20_000,
    passWithNoTests: false,
    allowOnly: false,
    retry: 0,
    restoreMocks: true,
    unstubEnvs: true,
  },
})
