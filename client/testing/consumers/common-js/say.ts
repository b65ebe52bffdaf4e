import { createClient, SkeinError } from '@skein/client'
import { fileStore } from '@skein/client/node'
import type { Message } from '@skein/client/types'

const [url = '', token = '', threadId = '', path = ''] = process.argv.slice(2)

async function say(): Promise<void> {
  const client = createClient({ url, token })
  const message: Message = await client.send({ threadId, text: 'from CommonJS' })
  const store = fileStore<{ seq: number }>(path)
  await store.save({ seq: message.seq })
  console.log(JSON.stringify({ text: message.text, kept: await store.load() }))
}

say().catch((error: unknown) => {
  console.error(error instanceof SkeinError ? error.reason : error)
  process.exit(1)
})
