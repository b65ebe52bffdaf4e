import { useEffect, useRef, useState } from 'react'
import { strings } from '~/lib/strings.ts'
import { useSession } from '../shell/session-context.tsx'

const kept = 5

/**
 * Reads newly received messages aloud, and only those: the timeline itself is no live region, or scrolling up
 * would read history.
 */
export function Announcer({ threadId }: { threadId: string }) {
  const session = useSession()
  const [lines, setLines] = useState<readonly { key: string; text: string }[]>([])
  const seen = useRef(session.live.get().applied)
  useEffect(
    () =>
      session.live.subscribe(() => {
        const { applied, viewer } = session.live.get()
        if (applied === seen.current) return
        seen.current = applied
        const fresh = applied.flatMap((event) => {
          if (event.type !== 'message.posted' || event.stream !== threadId) return []
          const { id, author, text } = event.payload.message
          session.hints.stoppedTyping(threadId, author.id)
          if (author.id === viewer.id) return []
          return [{ key: id, text: strings.messages.announce(author.name, text) }]
        })
        if (fresh.length > 0) setLines((all) => [...all, ...fresh].slice(-kept))
      }),
    [session, threadId],
  )
  return (
    <div
      role="log"
      aria-live="polite"
      aria-label={strings.messages.announcements}
      className="sr-only"
    >
      {lines.map((line) => (
        <p key={line.key} dir="auto">
          {line.text}
        </p>
      ))}
    </div>
  )
}
