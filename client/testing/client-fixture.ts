import { randomUUID } from 'node:crypto'
import { createTestApp, type TestApp, type TestAppOptions } from '../../server/testing/test-app.ts'
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts'
import type { TestPerson } from '../../server/testing/factories.ts'
import { startLineProxy, type LineProxy } from './line-proxy.ts'

/** Two instances behind a proxy, a private thread of Ada and Ben, and Ben's token. */
export interface ClientFixture {
  app: TestApp
  servers: [TestServer, TestServer]
  proxy: LineProxy
  threadId: string
  token: string
  /** Ada says something in the thread. */
  say: (text: string) => Promise<void>
  createToken: (person: TestPerson) => Promise<{ secret: string; tokenId: string }>
  close: () => Promise<void>
}

export async function openClientFixture(options: TestAppOptions = {}): Promise<ClientFixture> {
  const app = await createTestApp({
    instances: 2,
    ...options,
    env: { PORT: '0', OPS_PORT: '0', ...options.env },
  })
  const [one, two] = app.instances
  if (!one || !two) throw new Error('two instances were asked for')
  const servers: [TestServer, TestServer] = [await startTestServer(one), await startTestServer(two)]
  const proxy = await startLineProxy(servers[0].url)
  const { ada, ben } = app.people
  const { thread } = await ada.api.threads.create({
    clientId: randomUUID(),
    kind: 'private',
    title: 'Client',
    participantIds: [ben.user.id],
  })
  const createToken = async (person: TestPerson) => {
    const { secret, token } = await person.api.auth.tokens.create({ name: 'a bot' })
    return { secret, tokenId: token.id }
  }
  return {
    app,
    servers,
    proxy,
    threadId: thread.id,
    token: (await createToken(ben)).secret,
    async say(text) {
      await ada.api.messages.send({ threadId: thread.id, clientId: randomUUID(), text })
    },
    createToken,
    async close() {
      await proxy.close()
      for (const server of servers) await server.http.close()
      await app.close()
    },
  }
}
