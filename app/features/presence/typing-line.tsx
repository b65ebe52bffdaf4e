import { strings } from '~/lib/strings.ts'
import { useStore } from '~/lib/use-store.ts'
import { useLive, useSession } from '../shell/session-context.tsx'

/** Who is typing. It always keeps its line, so that nothing moves when it comes and goes. */
export function TypingLine({ threadId }: { threadId: string }) {
  const { viewer, hints } = useSession()
  const typing = useStore(hints.hints, (state) => state.typing[threadId])
  const timeline = useLive((live) => live.timelines[threadId])
  const thread = useLive((live) => live.threads[threadId])
  const names = Object.keys(typing ?? {})
    .filter((id) => id !== viewer.id)
    .map(
      (id) =>
        thread?.people.find((person) => person.id === id)?.name ??
        timeline?.messages.findLast((message) => message.author.id === id)?.author.name ??
        strings.presence.somebody,
    )
  return (
    <p className="h-5 truncate px-1 text-xs leading-5 text-ink-faint" dir="auto">
      {strings.presence.typing(names)}
    </p>
  )
}
