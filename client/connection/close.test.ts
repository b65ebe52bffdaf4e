import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { createClient } from '../create-client.ts'
import { openClientFixture, type ClientFixture } from '../testing/client-fixture.ts'

let fixture: ClientFixture

beforeAll(async () => {
  fixture = await openClientFixture()
})
afterAll(() => fixture.close())

test('a client that is closed shows nothing as live, and says to each subscription that it is closed', async () => {
  const client = createClient({ url: fixture.proxy.url, token: fixture.token })
  const { api, connection } = client
  const errors: unknown[] = []
  const subscribe = () =>
    api.hints.stream.subscribe(undefined, { onError: (error) => errors.push(error) })
  subscribe()
  await until(() => connection.getSnapshot().type === 'live', 5_000, 'live')
  const shown: unknown[] = []
  connection.subscribe(() => shown.push(connection.getSnapshot()))
  await client.close()
  const idle = { type: 'offline', reason: 'IDLE' }
  expect(connection.getSnapshot()).toMatchObject(idle)
  expect(shown).toMatchObject([idle])
  expect(errors).toMatchObject([{ reason: 'CLOSED' }])
  subscribe().unsubscribe()
  expect(errors).toMatchObject([{ reason: 'CLOSED' }, { reason: 'CLOSED' }])
  expect(shown).toHaveLength(1)
})
