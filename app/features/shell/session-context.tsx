import { createContext, useContext } from 'react'
import type { Self } from '../../../server/features/people/people.schema.ts'
import type { Live } from '../../../client/fold.ts'
import { useStore } from '~/lib/use-store.ts'
import type { Session } from './session.ts'

const SessionContext = createContext<Session | null>(null)

export const SessionProvider = SessionContext.Provider

/** The signed-in person's session. @throws Error outside of the shell. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession belongs inside the shell.')
  return session
}

/** A part of what is live. `select` must give the same object while nothing changed. */
export function useLive<Part>(select: (live: Live) => Part): Part {
  return useStore(useSession().live, select)
}

/** Who I am here. */
export function useViewer(): Self {
  return useStore(useSession().self, (self) => self)
}
