import { spawn, type ChildProcess } from 'node:child_process'

export interface Program {
  child: ChildProcess
  /** Everything that it has said until now. */
  said: () => string
  /** With its exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
}

/** A program in a folder, with these variables and none of the test's. */
export function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  folder: string,
  env: Record<string, string>,
): Program {
  const variables: NodeJS.ProcessEnv = { NODE_ENV: 'production', PATH: '/usr/bin:/bin', ...env }
  const child = spawn(program, args, {
    cwd: folder,
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
  return { child, said: () => text, ended }
}
