import { createClient, SkeinError, type EventOf, type Reason } from '@skein/client'
import { fileStore } from '@skein/client/node'
import type { Inputs, Outputs, SkeinEvent } from '@skein/client/types'

/** Says what it heard, twice: once by the client, once by its position in a file. */
const [url = '', token = '', path = ''] = process.argv.slice(2)
const client = createClient({ url, token })

function textOf(event: SkeinEvent): string | null {
  return event.type === 'message.posted' ? event.payload.message.text : null
}

const input: Inputs['threads']['list'] = { limit: 1 }
const page: Outputs['threads']['list'] = await client.api.threads.list.query(input)
const title: string | null | undefined = page.threads[0]?.title
const seqOf = (event: EventOf<'message.posted'>): number => event.payload.message.seq

const gone: Reason = await client.api.threads.get
  .query({ threadId: '00000000-0000-4000-8000-000000000000' })
  .then(
    () => 'INTERNAL' as const,
    (error: unknown) => (error instanceof SkeinError ? error.reason : 'INTERNAL'),
  )

const following = client.follow({
  cursor: fileStore(path),
  onEvents(events) {
    for (const event of events) {
      if (event.type !== 'message.posted') continue
      console.log(JSON.stringify({ title, gone, text: textOf(event), seq: seqOf(event) }))
      void following.stop()
    }
  },
})
const unsubscribe = client.connection.subscribe(() => {
  if (client.connection.getSnapshot().type !== 'live') return
  unsubscribe()
  console.log('live')
})
await following.done
await client.close()
