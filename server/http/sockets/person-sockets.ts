import { credentialEnded } from '../../features/accounts/credential-ended.ts'
import type { CarriedEvent } from '../../log/carried-event.ts'
import type { StreamListener } from '../../log/watched-stream.ts'
import { closeCodes } from './limits.ts'
import type { SocketSession } from './socket-session.ts'

/** The open sockets of one person on this instance; those whose session or token ends are closed. */
export class PersonSockets implements StreamListener {
  readonly sessions = new Set<SocketSession>()
  /** Resolves when the end of a session cannot be missed any more. */
  ready: Promise<unknown> = Promise.resolve()

  hear({ event }: CarriedEvent): void {
    for (const session of this.sessions) {
      const ended = session.actor && credentialEnded(session.actor, event)
      if (ended) session.close(closeCodes.sessionEnded, ended.message)
    }
  }
}
