// Says once more what people say, wherever it takes part. SKEIN_TOKEN=skein_… node echo-bot.ts
import { createClient, type SkeinError } from '@skein/client'
import { fileStore } from '@skein/client/node'

const { SKEIN_URL: url = 'http://localhost:3000', SKEIN_TOKEN: token = '' } = process.env
const client = createClient({ url, token })
const { user: me } = await client.api.auth.me.query()
const unlessRefused = (error: SkeinError) => (error.definite ? null : Promise.reject(error))
await client.follow({
  cursor: fileStore('echo-bot.json'),
  async onEvents(events) {
    for (const event of events) {
      if (event.type !== 'message.posted') continue
      const { id, threadId, text, author } = event.payload.message
      if (author.kind === 'bot' || author.id === me.id) continue
      const clientId = `echo:${id}` // Said again after a crash, it is still one message.
      await client.send({ threadId, text, clientId }).catch(unlessRefused)
    }
  },
}).done
