import { strings } from '~/lib/strings.ts'
import { useStore } from '~/lib/use-store.ts'
import { useSession } from '../shell/session-context.tsx'

/** Whether somebody is here, with the words for it; undefined while nothing is known of them. */
export function usePresence(
  personId: string | undefined,
): { here: boolean; text: string } | undefined {
  const { hints } = useSession().hints
  const state = useStore(hints, ({ presence }) => (personId ? presence[personId] : undefined))
  if (!personId) return undefined
  const text = strings.presence.states[state ?? 'offline']
  return { here: state === 'online', text }
}
