#!/usr/bin/env node
/**
 * `npx skein <verb>`. The server needs Node 24, which comes with the project: an older one only passes on.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))
const projectNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) {
  process.argv[1] = main
  await import(main)
} else if (existsSync(projectNode)) {
  const child = spawn(projectNode, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0))
  })
} else {
  process.stderr.write(
    `skein: this is Node ${process.versions.node}, Skein runs on 24: run \`npm ci\`, which brings it\n`,
  )
  process.exit(1)
}
