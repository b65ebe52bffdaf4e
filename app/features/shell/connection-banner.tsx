import { useEffect, useState } from 'react'
import type { ConnectionState } from '../../../client/index.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'
import { Button } from '~/ui/button.tsx'
import { useSession } from './session-context.tsx'
import { useConnection } from './use-connection.ts'

const shownAfterMs = 5_000

/** The page has not been live for a while: why, when it is tried again, and how to try now. */
export function ConnectionBanner() {
  const { connection } = useSession().skein
  const state = useConnection()
  const now = useNow(state.type !== 'live')
  if (state.type === 'live' || now === null || now - state.since < shownAfterMs) return null
  const { retry, reload } = strings.shell.connection
  return (
    <header className="shrink-0 bg-canvas px-3 pt-3 pb-1 md:pb-0">
      <Banner
        tone={state.type === 'catching-up' ? 'info' : 'warning'}
        action={
          state.type === 'offline' ? (
            <Button size="sm" onClick={() => connection.retryNow()}>
              {retry}
            </Button>
          ) : state.type === 'refused' ? (
            <Button size="sm" onClick={() => location.reload()}>
              {reload}
            </Button>
          ) : null
        }
      >
        {/* Only the first words are announced: a count of seconds read aloud would be noise. */}
        <span role="status">{happened(state)}</span>{' '}
        <span className="tabular-nums">{whatNext(state, now)}</span>
      </Banner>
    </header>
  )
}

function happened(state: ConnectionState): string {
  const { catchingUp, lost, offline, refused } = strings.shell.connection
  if (state.type === 'catching-up') return catchingUp
  if (state.type === 'refused') return refused(state.message)
  if (!navigator.onLine) return offline
  // The server's own word for it is worth more than that there is no way to it.
  const isAnswer = state.type === 'offline' && !wayless.has(state.reason)
  return isAnswer ? state.message : lost
}

const wayless: ReadonlySet<string> = new Set(['NO_ANSWER', 'IDLE'])

function whatNext(state: ConnectionState, now: number): string | null {
  const { nextTry } = strings.shell.connection
  if (state.type === 'connecting') return nextTry(0)
  if (state.type !== 'offline' || state.nextTryAt === null) return null
  return nextTry(Math.ceil((state.nextTryAt - now) / 1_000))
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
