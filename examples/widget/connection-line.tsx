import type { ConnectionState } from '@skein/client'
import { useConnection, useSkein } from '@skein/client/react'

/** Says how the connection is, and lets whoever does not want to wait try at once. */
export function ConnectionLine() {
  const { connection } = useSkein()
  const state = useConnection()
  return (
    <p className="skein-connection" data-state={state.type}>
      <span role="status">{wordsFor(state)}</span>
      {state.type === 'offline' && state.nextTryAt !== null ? (
        <button onClick={connection.retryNow}>Try now</button>
      ) : null}
    </p>
  )
}

function wordsFor(state: ConnectionState): string {
  switch (state.type) {
    case 'connecting':
      return 'Connecting …'
    case 'catching-up':
      return 'Catching up …'
    case 'live':
      return 'Live'
    case 'offline':
      return state.reason === 'IDLE' ? 'Not connected' : 'Offline, trying again'
    case 'refused':
      return state.message
  }
}
