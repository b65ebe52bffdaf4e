import { readFileSync } from 'node:fs'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .transform((value) => value === 'true' || value === '1')
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** Refused here, by name, and not later by whoever parses them: there they name no variable, or stop nothing. */
const isHost = (text: string) => !/[/\\?#@\s]/.test(text) && URL.canParse(`http://${text}`)
const isOrigin = (text: string) => /^https?:\/\/[^/]+\/?$/.test(text) && URL.canParse(text)
const isNatsServer = (text: string) =>
  /^(?:(?:nats|tls):\/\/)?[^/]+\/?$/.test(text) &&
  URL.canParse(text.includes('://') ? text : `nats://${text}`)

/** Every variable Skein reads, with its default. `.env.example` says the same in words; a test holds them together. */
export const envSchema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  /** Port of the web app and API. 0 takes a free one. */
  PORT: port.default(3000),
  /** Address to bind. `::` answers on IPv4 and IPv6. */
  HOST: z.string().default('127.0.0.1'),
  /** How people reach the server, e.g. https://chat.example.org. Cookies and links follow it. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the embedded Postgres and other state live. */
  DATA_DIR: z.string().min(1).default('.skein'),
  /** A Postgres of your own (15 or newer), through the primary. Empty: the embedded one. */
  DATABASE_URL: z.union([z.literal(''), z.url({ protocol: /^postgres(ql)?$/ })]).default(''),
  /** For migrations, where DATABASE_URL goes through a pooler: they hold a session lock. */
  DIRECT_DATABASE_URL: z.union([z.literal(''), z.url({ protocol: /^postgres(ql)?$/ })]).default(''),
  /** DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer. */
  DATABASE_POOLER: flag.default(false),
  DATABASE_POOL: z.coerce.number().int().min(2).max(500).default(20),
  /** NATS, for more than one instance. Empty: one instance, no NATS. Several, comma-separated. */
  NATS_URL: z
    .string()
    .refine(
      (value) => value.split(',').every((server) => isNatsServer(server.trim())),
      'servers such as nats://127.0.0.1:4222',
    )
    .default(''),
  /** Health and metrics, a port of its own, never public. */
  OPS_PORT: port.default(9464),
  OPS_HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Names the server answers to beside PUBLIC_URL's, comma-separated. Empty: PUBLIC_URL's alone, or any loopback name. */
  ALLOWED_HOSTS: list
    .refine((hosts) => hosts.every(isHost), 'names such as chat.example.org, without https://')
    .default([]),
  /** Other web origins that may call the API with bearer tokens (CORS), comma-separated. */
  ALLOWED_ORIGINS: list
    .refine((origins) => origins.every(isOrigin), 'origins such as https://app.example.org')
    .default([]),
  /** Header in which the platform itself puts the client's address, e.g. Fly-Client-IP. Empty: the socket's address. */
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[\w-]*$/, 'the name of one header, such as Fly-Client-IP')
    .default(''),
  /** Calls a second by one person on one instance, over all transports; five seconds' worth may come at once. */
  CALLS_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(200),
  /** Apply migrations at start. Switch off where a release command does it. */
  MIGRATE_ON_START: flag.default(true),
  /** Seconds to finish what is under way after SIGTERM. */
  STOP_TIMEOUT: z.coerce.number().int().min(1).max(600).default(20),
})

export type Env = z.infer<typeof envSchema> & { version: string }

/** One or more variables are wrong; the message names every one of them. */
export class EnvError extends Error {}

/**
 * Reads the environment once. An empty variable counts as not set.
 * @throws EnvError naming every bad variable at once; the process should exit with 78 (EX_CONFIG of sysexits.h).
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = envSchema.safeParse(given)
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new EnvError(`bad environment: ${lines.join('; ')}`)
  }
  return { ...result.data, version: packageVersion() }
}

/** This release, as package.json names it. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
