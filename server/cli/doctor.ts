import { Command } from 'commander'
import { EnvError, readEnv, type Env } from '../env.ts'
import type { CliIo } from './cli-io.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkDataFolder, checkNode, checkPort, checkWebBuild } from './doctor/check-machine.ts'
import { checkNats } from './doctor/check-nats.ts'
import type { Finding } from './doctor/finding.ts'
import { CliError } from './exit-code.ts'

/** `skein doctor` */
export function doctorCommand(io: CliIo): Command {
  return new Command('doctor')
    .description('look at everything Skein needs and say what is wrong')
    .option('--json', 'answer as JSON')
    .action(async (options: { json?: true }) => {
      const findings = await examine()
      if (options.json) io.out(JSON.stringify({ findings }))
      else for (const line of table(findings, io.colour)) io.out(line)
      const failed = findings.filter(({ verdict }) => verdict === 'fail').length
      if (failed > 0) throw new CliError(`${failed} of ${findings.length} checks failed`)
    })
}

async function examine(): Promise<Finding[]> {
  const environment = readOrExplain()
  if ('finding' in environment) return [checkNode(), environment.finding]
  const { env } = environment
  const findings = [
    checkNode(),
    { check: 'environment', verdict: 'ok', detail: 'every variable can be read' } satisfies Finding,
    checkPublicUrl(env),
    await checkWebBuild(),
    await checkDataFolder(env),
    await checkPort('PORT', env.PORT, env.HOST, env),
    await checkPort('OPS_PORT', env.OPS_PORT, env.OPS_HOST, env),
  ]
  return [...findings, ...(await checkDatabase(env)), await checkNats(env)]
}

function readOrExplain(): { env: Env } | { finding: Finding } {
  try {
    return { env: readEnv() }
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    return { finding: { check: 'environment', verdict: 'fail', detail: error.message } }
  }
}

function checkPublicUrl({ PUBLIC_URL, HOST }: Env): Finding {
  const check = 'public address'
  if (PUBLIC_URL?.startsWith('https:')) return { check, verdict: 'ok', detail: PUBLIC_URL }
  if (PUBLIC_URL !== undefined)
    return {
      check,
      verdict: 'warn',
      detail: `${PUBLIC_URL}: without https, anyone on the way reads along`,
    }
  const local = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.')
  return local
    ? { check, verdict: 'ok', detail: 'none: this machine only' }
    : {
        check,
        verdict: 'warn',
        detail: `PUBLIC_URL is not set: other machines get 421 from ${HOST}`,
      }
}

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const
const colours = { ok: 32, warn: 33, fail: 31 } as const

function table(findings: readonly Finding[], colour: boolean): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings.map(({ check, verdict, detail }) => {
    const mark = colour ? `\u001b[${colours[verdict]}m${marks[verdict]}\u001b[39m` : marks[verdict]
    return `${mark}  ${check.padEnd(width)}  ${detail}`
  })
}
