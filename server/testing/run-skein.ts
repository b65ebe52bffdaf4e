import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nodeFlags } from '../node-flags.ts'

export interface SkeinProcess {
  child: ChildProcess
  /** Everything it has said until now. */
  stdout: () => string
  stderr: () => string
  /** Waits until it has said this on stdout; fails when it ends before. */
  said: (pattern: RegExp) => Promise<RegExpMatchArray>
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** `skein …` as a process of its own, with these variables and none of the test's; `stdin` is piped in. */
export function runSkein(
  args: readonly string[],
  env: Record<string, string>,
  stdin = '',
): SkeinProcess {
  const variables: NodeJS.ProcessEnv = {
    NODE_ENV: 'development',
    PATH: '/usr/bin:/bin',
    PORT: '0',
    OPS_PORT: '0',
    ...env,
  }
  const child = spawn(process.execPath, [...nodeFlags, 'server/main.ts', ...args], {
    cwd: root,
    env: variables,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(stdin)
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const tell = () => listeners.forEach((listener) => listener())
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    tell()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
  const said = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const found = stdout.match(pattern)
        if (!found) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
      void ended.then(() =>
        reject(new Error(`it ended without saying ${pattern}: ${stdout}${stderr}`)),
      )
    })
  return { child, stdout: () => stdout, stderr: () => stderr, said, ended }
}
