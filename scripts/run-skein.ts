import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))

/** Runs a verb in a process of its own and waits for it; when it fails, so do we, with its exit code. */
export function runSkein(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [main, ...args], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
