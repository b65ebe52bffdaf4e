import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Env } from '../../env.ts'
import { NoWebBuildError, openWebBuild } from '../../http/web-build.ts'
import type { Finding } from './finding.ts'

const oldestNode = 24

export function checkNode(): Finding {
  const { node } = process.versions
  const fine = Number(node.split('.')[0]) >= oldestNode
  return {
    check: 'node',
    verdict: fine ? 'ok' : 'fail',
    detail: fine ? node : `${node}: Skein needs ${oldestNode} or newer`,
  }
}

export async function checkWebBuild(): Promise<Finding> {
  const check = 'web app'
  try {
    await openWebBuild()
    return { check, verdict: 'ok', detail: 'built' }
  } catch (error) {
    if (error instanceof NoWebBuildError) return { check, verdict: 'warn', detail: error.message }
    return { check, verdict: 'fail', detail: `the build cannot be read: ${String(error)}` }
  }
}

/** The embedded Postgres lives there, as an account of its own where we are root. */
export async function checkDataFolder({ DATA_DIR, DATABASE_URL }: Env): Promise<Finding> {
  const check = 'data folder'
  if (DATABASE_URL !== '') return { check, verdict: 'ok', detail: 'not used: DATABASE_URL is set' }
  const folder = resolve(DATA_DIR)
  const existing = await nearestExisting(folder)
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK)
    const detail = existing === folder ? folder : `${folder}: will be made at the first start`
    return { check, verdict: 'ok', detail }
  } catch {
    return {
      check,
      verdict: 'fail',
      detail: `${existing} cannot be read and written by this account`,
    }
  }
}

async function nearestExisting(folder: string): Promise<string> {
  const there = await stat(folder).then(
    () => true,
    () => false,
  )
  return there || dirname(folder) === folder ? folder : nearestExisting(dirname(folder))
}

export async function checkPort(
  variable: 'PORT' | 'OPS_PORT',
  port: number,
  host: string,
  { OPS_PORT, OPS_HOST }: Env,
): Promise<Finding> {
  const check = `port (${variable})`
  const problem = await tryPort(port, host)
  if (problem === null) return { check, verdict: 'ok', detail: `${port} is free` }
  if (problem !== 'EADDRINUSE')
    return { check, verdict: 'fail', detail: `${host}:${port} cannot be opened: ${problem}` }
  return (await skeinAnswers(OPS_PORT, OPS_HOST))
    ? { check, verdict: 'ok', detail: `${port} is used by a Skein that is running` }
    : {
        check,
        verdict: 'fail',
        detail: `${port} is taken by another program: set ${variable} to a free one`,
      }
}

function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen({ port, host }, () => server.close(() => done(null)))
  })
}

async function skeinAnswers(port: number, host: string): Promise<boolean> {
  const name =
    host === '::' || host === '0.0.0.0' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  try {
    const response = await fetch(`http://${name}:${port}/livez`, {
      signal: AbortSignal.timeout(1_000),
    })
    return (await response.text()).includes('"live":true')
  } catch {
    return false
  }
}
