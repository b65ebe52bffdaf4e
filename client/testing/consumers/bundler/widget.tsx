import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createClient } from '@skein/client'
import { SkeinProvider, useConnection, useFollow, useTRPC } from '@skein/client/react'
import { useState } from 'react'
import { renderToString } from 'react-dom/server'

function Latest() {
  const [text, setText] = useState('nothing yet')
  const connection = useConnection()
  const trpc = useTRPC()
  const threads = useQuery(trpc.threads.list.queryOptions({ limit: 5 }))
  const error = useFollow({
    cursor: 'now',
    onEvents(events) {
      for (const event of events)
        if (event.type === 'message.posted') setText(event.payload.message.text)
    },
  })
  return (
    <p>
      {connection.type} {error?.reason ?? 'fine'} {threads.data?.threads[0]?.title ?? 'untitled'}{' '}
      {text}
    </p>
  )
}

const queryClient = new QueryClient()
const client = createClient({ url: 'http://localhost:9' })
console.log(
  renderToString(
    <QueryClientProvider client={queryClient}>
      <SkeinProvider client={client} queryClient={queryClient}>
        <Latest />
      </SkeinProvider>
    </QueryClientProvider>,
  ),
)
await client.close()
queryClient.clear()
