import { useEffect } from 'react'
import { strings } from '~/lib/strings.ts'
import { useStore } from '~/lib/use-store.ts'
import { useLive, useSession } from '../shell/session-context.tsx'

/** Who is typing. It always keeps its line, so that nothing moves when it comes and goes. */
export function TypingLine({ threadId }: { threadId: string }) {
  const { viewer, hints, people } = useSession()
  const typing = useStore(hints.hints, (state) => state.typing[threadId])
  const timeline = useLive((live) => live.timelines[threadId])
  const thread = useLive((live) => live.threads[threadId])
  const asked = useStore(people.names, (names) => names)
  const here = Object.keys(typing ?? {})
    .filter((id) => id !== viewer.id)
    .map((id) => ({ id, name: shownName(id) ?? asked[id] }))
  const strangers = here.flatMap(({ id, name }) => (name === undefined ? id : [])).join()
  useEffect(() => {
    for (const id of strangers ? strangers.split(',') : []) people.want(id)
  }, [people, strangers])

  function shownName(id: string): string | undefined {
    return (
      thread?.people.find((person) => person.id === id)?.name ??
      timeline?.messages.findLast((message) => message.author.id === id)?.author.name
    )
  }

  return (
    <p className="h-5 truncate px-1 text-xs leading-5 text-ink-faint" dir="auto">
      {strings.presence.typing(here.map(({ name }) => name ?? strings.presence.somebody))}
    </p>
  )
}
