import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { envSchema, readEnv } from './env.ts'

it('shows an operator every variable there is, with the value it has when nobody sets it', async () => {
  const example = parseEnv(await readFile(new URL('../.env.example', import.meta.url), 'utf8'))
  expect(Object.keys(example).sort()).toEqual(Object.keys(envSchema.shape).sort())
  expect(readEnv(example)).toEqual(readEnv({}))
})
