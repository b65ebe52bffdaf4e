import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { burstSeconds, shareOfSocket } from '../call-pace.ts'
import { readEnv } from '../env.ts'
import { limits as accountLimits } from '../features/accounts/rate-limit.ts'
import { mostPageCharacters } from '../features/messages/create-page-reader.ts'
import { maxEdits, maxMessageLength, maxVersions } from '../features/messages/messages.schema.ts'
import { httpLimits } from './limits.ts'
import { closeCodes, socketLimits } from './sockets/limits.ts'

let docs: string
beforeAll(async () => {
  docs = await readFile(new URL('../../docs/limits.md', import.meta.url), 'utf8')
})

const named = (prefix: string, limits: Record<string, number>) =>
  Object.entries(limits).map(([name, value]) => `${prefix}.${name} ${value.toLocaleString('en')}`)

test('the docs name every limit with its value, and none that is not there', () => {
  const accounts = Object.entries(accountLimits).map(([name, { times }]) => [name, times] as const)
  const messages = {
    length: maxMessageLength,
    edits: maxEdits,
    versions: maxVersions,
    pageCharacters: mostPageCharacters,
  }
  const limits = [
    ...named('message', messages),
    ...named('env', { CALLS_PER_SECOND: readEnv({}).CALLS_PER_SECOND }),
    ...named('pace', { burstSeconds, shareOfSocket }),
    ...named('account', Object.fromEntries(accounts)),
    ...named('socket', socketLimits),
    ...named('http', httpLimits),
  ]
  const rows = [...docs.matchAll(/^\| `(\w+\.\w+)` +\| ([\d.,]+) +\|/gm)]
  expect(rows.map(([, name, value]) => `${name} ${value}`).sort()).toEqual(limits.sort())
})

test('the docs name every close code, and none that is not there', () => {
  const rows = [...docs.matchAll(/^\| (\d{4}) \| `(\w+)` +\|/gm)]
  const codes = Object.entries(closeCodes).map(([name, code]) => `${code} ${name}`)
  expect(rows.map(([, code, name]) => `${code} ${name}`).sort()).toEqual(codes.sort())
})
