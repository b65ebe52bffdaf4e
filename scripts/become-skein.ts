import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))

/** Goes on as `skein <verb> …` in this very process, so that signals and exit codes have one owner. */
export async function becomeSkein(...args: string[]): Promise<void> {
  process.argv = [process.execPath, main, ...args]
  await import('../server/main.ts')
}
