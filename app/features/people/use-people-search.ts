import { useEffect, useState } from 'react'
import type { Person } from '../../../server/features/people/people.schema.ts'
import { useSession } from '../shell/session-context.tsx'

const pauseMs = 120
const most = 8

export type PeopleFound =
  | { type: 'idle' }
  | { type: 'found'; query: string; people: readonly Person[] }
  | { type: 'failed' }

/** Who matches what is typed; asks shortly after the last key, and only the last answer counts. */
export function usePeopleSearch(query: string, searching: boolean): PeopleFound {
  const { api } = useSession()
  const [found, setFound] = useState<PeopleFound>({ type: 'idle' })
  useEffect(() => {
    if (!searching) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      api.people.search.query({ query, limit: most }, { signal: stop.signal }).then(
        ({ people }) => setFound({ type: 'found', query, people }),
        () => {
          if (!stop.signal.aborted) setFound({ type: 'failed' })
        },
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [api, query, searching])
  return found
}
