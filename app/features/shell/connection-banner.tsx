import { useEffect, useState } from 'react'
import { strings } from '~/lib/strings.ts'
import { useStore } from '~/lib/use-store.ts'
import { Banner } from '~/ui/banner.tsx'
import { Button } from '~/ui/button.tsx'
import { useSession } from './session-context.tsx'

const shownAfterMs = 5_000

/** The connection has been away for a while: when it is tried again, and how to try now. */
export function ConnectionBanner() {
  const { connection } = useSession()
  const state = useStore(connection.state, (value) => value)
  const now = useNow(state.type !== 'open')
  if (state.type === 'open' || now === null || now - state.since < shownAfterMs) return null
  const { offline, lost, nextTry, retry } = strings.shell.connection
  const seconds = state.type === 'waiting' ? Math.ceil((state.nextTryAt - now) / 1_000) : 0
  return (
    <header className="shrink-0 bg-canvas px-3 pt-3 pb-1 md:pb-0">
      <Banner
        tone="warning"
        action={
          state.type === 'waiting' ? (
            <Button size="sm" onClick={() => connection.retryNow()}>
              {retry}
            </Button>
          ) : null
        }
      >
        {/* Only the first words are announced: a count of seconds read aloud would be noise. */}
        <span role="status">{navigator.onLine ? lost : offline}</span>{' '}
        <span className="tabular-nums">{nextTry(seconds)}</span>
      </Banner>
    </header>
  )
}

/** The time, kept up while it matters; null before hydration. */
function useNow(running: boolean): number | null {
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [running])
  return now
}
