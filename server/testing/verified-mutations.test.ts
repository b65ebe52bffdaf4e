import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listProcedures } from './list-procedures.ts'
import { createTestApp, type TestApp } from './test-app.ts'
import { verifiedMutations } from './verified-mutations.ts'

const mutations = listProcedures()
  .filter(({ procedure }) => procedure._def.type === 'mutation')
  .map(({ path }) => path)

test('every mutation has its check that it announces what it changes, and every check its mutation', () => {
  expect(mutations).toContain('messages.send')
  expect(Object.keys(verifiedMutations).sort()).toEqual(mutations.sort())
})

describe('state before + events = state after, for', () => {
  let app: TestApp
  beforeEach(async () => {
    app = await createTestApp()
  })
  afterEach(() => app.close())

  const checks = Object.entries(verifiedMutations).flatMap(([name, mutation]) =>
    'verify' in mutation ? [{ name, verify: mutation.verify }] : [],
  )
  test.each(checks)('$name', ({ verify }) => verify(app))
})
