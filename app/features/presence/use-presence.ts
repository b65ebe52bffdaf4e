import { strings } from '~/lib/strings.ts'
import type { PresenceLook } from '~/ui/presence-dot.tsx'
import { useStore } from '~/lib/use-store.ts'
import { useSession } from '../shell/session-context.tsx'

/** How somebody is, with the words for it; undefined where nobody is asked for. */
export function usePresence(
  personId: string | undefined,
): { look: PresenceLook; text: string } | undefined {
  const { hints } = useSession().hints
  const state = useStore(hints, ({ presence }) => (personId ? presence[personId] : undefined))
  if (!personId) return undefined
  const look = state ?? 'offline'
  return { look, text: strings.presence.states[look] }
}
