/** One instance without pages, for measurements: API and sockets on the port of PORT, over DATABASE_URL. */
import { readEnv } from '../server/env.ts'
import { createServices } from '../server/services.ts'
import { startTestServer } from '../server/testing/test-server.ts'

const env = readEnv()
const services = await createServices(env, env.DATABASE_URL)
const server = await startTestServer(services)
process.on('SIGTERM', () => {
  void server.http.close().then(async () => {
    await services.close()
    process.exit(0)
  })
})
