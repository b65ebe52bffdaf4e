import { createRequire } from 'node:module'
import { pino, stdSerializers, type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import type { Env } from '../env.ts'
import { describeFailure } from './describe-failure.ts'

/** Whatever is logged under these names is a secret or somebody's words: neither belongs into a log. */
const secretKeys = [
  'authorization',
  'body',
  'clientSecret',
  'connectionParams',
  'cookie',
  'headers',
  'input',
  'password',
  'payload',
  'secret',
  'set-cookie',
  'text',
  'token',
]

/**
 * The log of one process: JSON lines on stdout. Where stdout is a terminal and pino-pretty is installed (it is not in
 * production), lines for people instead.
 */
export function createLogger(
  env: Pick<Env, 'LOG_LEVEL' | 'NODE_ENV'>,
  destination: DestinationStream | undefined = prettyTerminal(),
): Logger {
  const options: LoggerOptions = {
    level: env.LOG_LEVEL,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
    serializers: { ...stdSerializers, err: describeFailure, error: describeFailure },
  }
  return destination ? pino(options, destination) : pino(options)
}

type Pretty = (options: {
  sync: boolean
  ignore: string
  translateTime: string
}) => DestinationStream

function prettyTerminal(): DestinationStream | undefined {
  if (!process.stdout.isTTY) return undefined
  const require = createRequire(import.meta.url)
  try {
    const pretty = require('pino-pretty') as Pretty
    return pretty({ sync: true, ignore: 'pid', translateTime: 'SYS:HH:MM:ss' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND')
      return undefined
    throw error
  }
}
