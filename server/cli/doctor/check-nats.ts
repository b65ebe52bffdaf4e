import { connect } from 'node:net'
import { z } from 'zod'
import type { Env } from '../../env.ts'
import type { Finding } from './finding.ts'

const patienceMs = 3_000
const info = z.object({ version: z.string() })

/** Reads the greeting of nats-server: no more is needed to know that it is one, and how old. */
export async function checkNats({ NATS_URL }: Env): Promise<Finding> {
  const check = 'nats'
  if (NATS_URL === '') return { check, verdict: 'ok', detail: 'not set: one instance needs none' }
  const tried: string[] = []
  for (const server of NATS_URL.split(',').map((each) => each.trim())) {
    const { hostname, port } = new URL(server.includes('://') ? server : `nats://${server}`)
    try {
      const version = await greeting(hostname.replace(/^\[|\]$/g, ''), Number(port || 4222))
      return isOld(version)
        ? { check, verdict: 'warn', detail: `nats-server ${version}: deploy 2.12.12 or newer` }
        : { check, verdict: 'ok', detail: `nats-server ${version}` }
    } catch (error) {
      tried.push(`${hostname}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { check, verdict: 'fail', detail: `no server answers (${tried.join('; ')})` }
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major * 1e6 + minor * 1e3 + patch < 2_012_012
}

function greeting(host: string, port: number): Promise<string> {
  return new Promise((done, fail) => {
    let text = ''
    const socket = connect({ host, port })
    const end = (settle: () => void) => {
      socket.destroy()
      settle()
    }
    socket.setTimeout(patienceMs, () => end(() => fail(new Error('no answer in time'))))
    socket.on('error', (error) => end(() => fail(error)))
    socket.on('close', () => fail(new Error('it hung up')))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
      const [line, ...rest] = text.split('\r\n')
      if (rest.length === 0) return
      const json = /^INFO (.*)$/.exec(line ?? '')?.[1]
      end(() => {
        if (json === undefined) fail(new Error('what answers is not nats-server'))
        else done(info.parse(JSON.parse(json)).version)
      })
    })
  })
}
