import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Message, Outputs, SkeinEvent, StartPosition } from '@skein/client'
import { useFollow, useSkein } from '@skein/client/react'
import { useLayoutEffect, useRef, useState } from 'react'
import { ConnectionLine } from './connection-line.tsx'
import { SendBox, type Pending } from './send-box.tsx'

/** A thread as it is now, and as it goes on. Needs a SkeinProvider around it. */
export function ThreadWidget({ threadId }: { threadId: string }) {
  const { api } = useSkein()
  const queryClient = useQueryClient()
  const queryKey = ['thread-widget', threadId]
  const start = useQuery({
    queryKey,
    staleTime: Infinity,
    async queryFn() {
      // The cursor first: whatever is said while the rest is loading comes after it.
      const { cursor } = await api.events.cursor.query()
      const [{ thread }, page] = await Promise.all([
        api.threads.get.query({ threadId }),
        api.messages.list.query({ threadId }),
      ])
      return { title: thread.title ?? 'Direct', page, cursor }
    },
  })
  if (start.isPending) return <p className="skein">Loading …</p>
  if (start.isError) return <Trouble error={start.error} again={() => void start.refetch()} />
  const { title, page, cursor } = start.data
  return (
    <section className="skein" aria-label={title}>
      <header>
        <h2 dir="auto">{title}</h2>
        <ConnectionLine />
      </header>
      <LiveThread
        key={cursor}
        threadId={threadId}
        page={page}
        // What the page has in it is not told again.
        position={{ cursor, heads: { [threadId]: page.head } }}
        loadAgain={() => void queryClient.resetQueries({ queryKey })}
      />
    </section>
  )
}

interface LiveThreadProps {
  threadId: string
  page: Outputs['messages']['list']
  position: StartPosition
  loadAgain: () => void
}

function LiveThread({ threadId, page, position, loadAgain }: LiveThreadProps) {
  const [messages, setMessages] = useState(page.messages)
  const [pending, setPending] = useState<readonly Pending[]>([])
  const ended = useFollow({
    cursor: position,
    onEvents: (events) => setMessages((before) => events.reduce(fold, before)),
  })
  // A row of ours has come when its clientId has.
  const came = new Set(messages.map(({ clientId }) => clientId))
  const waiting = pending.filter(({ clientId }) => !came.has(clientId))

  function fold(before: Message[], event: SkeinEvent): Message[] {
    if (event.stream !== threadId) return before
    if (event.type === 'message.posted') return [...before, event.payload.message]
    if (event.type !== 'message.edited' && event.type !== 'message.deleted') return before
    const { message } = event.payload
    return before.map((each) => (each.id === message.id ? message : each))
  }

  return (
    <>
      <Rows messages={messages} waiting={waiting} />
      {ended ? <Trouble error={ended} again={loadAgain} /> : null}
      <SendBox threadId={threadId} pending={waiting} setPending={setPending} />
    </>
  )
}

function Rows({ messages, waiting }: { messages: Message[]; waiting: readonly Pending[] }) {
  const list = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [messages, waiting.length])
  return (
    <ol
      ref={list}
      role="log"
      tabIndex={0}
      aria-label="Messages"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 100
      }}
    >
      {messages.map((message) => (
        <li key={message.clientId}>
          <b>{message.author.name}</b> <Time at={message.at} />
          <p dir="auto">{message.deletedAt ? <i>deleted</i> : message.text}</p>
        </li>
      ))}
      {waiting.map(({ clientId, text, problem }) => (
        <li key={clientId} className="skein-waiting">
          <b>You</b> <small>{problem === undefined ? 'sending …' : 'not sent'}</small>
          <p dir="auto">{text}</p>
        </li>
      ))}
    </ol>
  )
}

function Time({ at }: { at: string }) {
  const shown = new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  return <time dateTime={at}>{shown}</time>
}

function Trouble({ error, again }: { error: { message: string }; again: () => void }) {
  return (
    <p className="skein-trouble" role="alert">
      {error.message} <button onClick={again}>Load again</button>
    </p>
  )
}
