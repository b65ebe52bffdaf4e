/** A page with the widget: asks where and as whom, and keeps the answer for as long as its tab is open. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createClient } from '@skein/client'
import { SkeinProvider } from '@skein/client/react'
import { useState, type FormEvent } from 'react'
import { createRoot } from 'react-dom/client'
import { ThreadWidget } from './thread-widget.tsx'

const fields = { url: 'Server', token: 'Token', threadId: 'Thread' } as const

function Page() {
  const [place, setPlace] = useState(() => sessionStorage.getItem('place'))
  if (place !== null)
    return <Open place={JSON.parse(place) as Record<keyof typeof fields, string>} />
  const connect = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = JSON.stringify(Object.fromEntries(new FormData(event.currentTarget)))
    sessionStorage.setItem('place', given)
    setPlace(given)
  }
  return (
    <form className="skein-place" onSubmit={connect}>
      {Object.entries(fields).map(([name, label]) => (
        <label key={name}>
          {label}
          <input name={name} type={name === 'token' ? 'password' : 'text'} required />
        </label>
      ))}
      <button>Connect</button>
    </form>
  )
}

function Open({ place: { url, token, threadId } }: { place: Record<keyof typeof fields, string> }) {
  const [client] = useState(() => createClient({ url, token }))
  const [queryClient] = useState(() => new QueryClient())
  return (
    <QueryClientProvider client={queryClient}>
      <SkeinProvider client={client} queryClient={queryClient}>
        <ThreadWidget threadId={threadId} />
      </SkeinProvider>
    </QueryClientProvider>
  )
}

const root = document.getElementById('root')
if (root) createRoot(root).render(<Page />)
