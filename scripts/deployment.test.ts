import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { envSchema } from '../server/env.ts'
import { httpLimits } from '../server/http/limits.ts'
import { nodeFlags } from '../server/node-flags.ts'
import { listProductionImports } from './list-production-imports.ts'

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url))
const read = (relative: string) => readFile(path(relative), 'utf8')
const variables = Object.keys(envSchema.shape)

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  stop_grace_period: z.string().optional(),
})
const compose = z.object({ services: z.record(z.string(), service) })
const fly = z.object({
  kill_signal: z.string(),
  kill_timeout: z.number(),
  build: z.object({ dockerfile: z.string() }),
  deploy: z.object({
    release_command: z.string(),
    strategy: z.string(),
    max_unavailable: z.number(),
  }),
  env: z.record(z.string(), z.string()),
  processes: z.record(z.string(), z.string()),
  services: z.array(
    z.object({
      processes: z.array(z.string()),
      internal_port: z.number(),
      concurrency: z.object({ type: z.string(), soft_limit: z.number(), hard_limit: z.number() }),
      ports: z.array(z.object({ port: z.number(), handlers: z.array(z.string()) })),
      tcp_checks: z.array(z.object({ interval: z.string() })),
    }),
  ),
  checks: z.record(z.string(), z.object({ type: z.string(), port: z.number(), path: z.string() })),
  metrics: z.object({ port: z.number(), path: z.string() }),
})

async function readCompose() {
  return compose.parse(parseYaml(await read('docker-compose.yml'), { merge: true })).services
}
async function readFly() {
  return fly.parse(parseToml(await read('fly.toml')))
}

describe('docker-compose.yml', () => {
  test('runs two instances on one Postgres and one NATS, once the schema is there', async () => {
    const services = await readCompose()
    for (const name of ['skein-1', 'skein-2']) {
      const instance = services[name]
      expect(instance?.environment).toMatchObject({
        MIGRATE_ON_START: 'false',
        NATS_URL: 'nats://nats:4222',
      })
      expect(instance?.depends_on?.migrate?.condition).toBe('service_completed_successfully')
    }
    expect(services.migrate?.command).toEqual(['node', 'server/main.ts', 'migrate'])
    expect(services.postgres?.image).toBe('postgres:18')
    // The image of Postgres 18 keeps its data one level higher than those before.
    expect(services.postgres?.volumes).toEqual(['postgres:/var/lib/postgresql'])
    expect(services.nats?.image).toMatch(/^nats:2\.(?:1[2-9]|[2-9]\d)/)
  })

  test('sets only variables that Skein reads, and gives it the time it needs to stop', async () => {
    const services = await readCompose()
    const { environment = {}, stop_grace_period: grace = '' } = services['skein-1'] ?? {}
    expect(variables).toEqual(expect.arrayContaining(Object.keys(environment)))
    expect(parseInt(grace)).toBeGreaterThan(envSchema.shape.STOP_TIMEOUT.parse(undefined) + 5)
  })

  test('asks Caddy to send people where they are ready', async () => {
    const caddyfile = await read('ops/caddy/Caddyfile')
    expect(caddyfile).toContain('reverse_proxy skein-1:3000 skein-2:3000')
    expect(caddyfile).toContain(`health_port ${envSchema.shape.OPS_PORT.parse(undefined)}`)
    expect(caddyfile.split('{').length).toBe(caddyfile.split('}').length)
    // It keeps idle connections for 2 minutes by default; we close ours first, and say so.
    expect(httpLimits.keepAliveMs).toBeLessThan(120_000)
  })
})

describe('fly.toml', () => {
  test('stops a machine as Skein wants to be stopped', async () => {
    const { kill_signal, kill_timeout, env } = await readFly()
    expect(kill_signal).toBe('SIGTERM')
    expect(kill_timeout).toBeGreaterThanOrEqual(30)
    // Sockets are sent away over five seconds before.
    expect(kill_timeout).toBeGreaterThan(Number(env.STOP_TIMEOUT) + 5)
  })

  test('migrates once per release and replaces one machine at a time', async () => {
    const { deploy, env } = await readFly()
    expect(deploy).toMatchObject({
      release_command: 'node server/main.ts migrate',
      strategy: 'rolling',
      max_unavailable: 1,
    })
    expect(env.MIGRATE_ON_START).toBe('false')
  })

  test('sends people to the web port, and health and metrics to the other', async () => {
    const { services, checks, metrics, env, processes } = await readFly()
    expect(env).toMatchObject({
      HOST: '::',
      OPS_HOST: '::',
      CLIENT_ADDRESS_HEADER: 'Fly-Client-IP',
    })
    expect(processes).toEqual({ app: `node ${nodeFlags.join(' ')} server/main.ts serve` })
    expect(services.map(({ internal_port }) => internal_port)).toEqual([Number(env.PORT)])
    expect(services[0]?.concurrency.soft_limit).toBeGreaterThan(20)
    expect(checks.ready).toMatchObject({
      type: 'http',
      port: Number(env.OPS_PORT),
      path: '/readyz',
    })
    expect(metrics).toEqual({ port: Number(env.OPS_PORT), path: '/metrics' })
  })

  test('sets only variables that Skein reads, none of Fly’s own', async () => {
    const names = Object.keys((await readFly()).env)
    expect(variables).toEqual(expect.arrayContaining(names))
    expect(names.filter((name) => name.startsWith('FLY_'))).toEqual([])
  })

  test('and the page about it needs at most eight commands', async () => {
    const page = await read('docs/deploy-fly.md')
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? []
    const lines = commands.trim().split('\n')
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.length).toBeLessThanOrEqual(8)
    for (const line of lines) expect(line).toMatch(/^fly /)
    expect(parseToml(await read('ops/nats/fly.toml'))).toHaveProperty('build.image')
  })
})

describe('the Dockerfile', () => {
  const instructions = async () =>
    (await read('Dockerfile'))
      .replace(/\\\n/g, ' ')
      .split('\n')
      .filter((line) => /^[A-Z]+ /.test(line))

  test('copies only what is there and what .dockerignore lets through', async () => {
    const ignored = (await read('.dockerignore')).split('\n').filter((line) => /^[\w.]/.test(line))
    const copied = (await instructions())
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
    expect(copied).toContain('server')
    for (const source of copied) {
      expect(existsSync(path(source)), source).toBe(true)
      expect(ignored).not.toContain(source)
    }
  })

  test('runs node as somebody without rights, under an init that passes signals on', async () => {
    const lines = await instructions()
    expect(lines[0]).toMatch(/^FROM node:24-slim /)
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')))
    expect(last).toContain('USER node')
    expect(last).toContain('ENTRYPOINT ["tini", "--"]')
    const command = ['node', ...nodeFlags, 'server/main.ts', 'serve']
    expect(last).toContain(`CMD [${command.map((word) => `"${word}"`).join(', ')}]`)
    expect(last.join('\n')).toMatch(/HEALTHCHECK .*\/livez/)
    expect(last.filter((line) => line.startsWith('COPY --from=dependencies'))).toHaveLength(1)
    const set = /^ENV (.*)$/m
      .exec(last.join('\n'))?.[1]
      ?.split(' ')
      .map((pair) => pair.split('=')[0])
    expect(variables).toEqual(expect.arrayContaining(set ?? ['nothing']))
  })
})

test('`npm start` starts node as the image and Fly do', async () => {
  const { scripts } = z
    .object({ scripts: z.object({ start: z.string() }) })
    .parse(JSON.parse(await read('package.json')))
  expect(scripts.start).toBe(`node ${nodeFlags.join(' ')} scripts/start.ts`)
})

test('production needs no dev dependency: all that the server imports is among the dependencies', async () => {
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await read('package.json')))
  const { files, packages } = await listProductionImports(path('server/main.ts'))
  expect(files.length).toBeGreaterThan(80)
  const builtIn = new Set(builtinModules)
  const foreign = [...packages].filter((name) => !builtIn.has(name))
  expect(foreign).toContain('hono')
  expect(foreign.filter((name) => !(name in dependencies))).toEqual([])
})
