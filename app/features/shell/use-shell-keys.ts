import { useNavigate, useParams } from '@remix-run/react'
import { useEffect } from 'react'
import { paths } from '~/lib/paths.ts'
import { reportFailure } from '~/lib/report-failure.ts'
import type { Session } from './session.ts'

/** Regions in the order in which F6 goes through them, by their data-region. */
const regions = ['sidebar', 'timeline', 'composer']

/** Where one comes in: the first of these that a region has. */
const places = ['[aria-current="page"]', '[tabindex="0"]', 'textarea', 'a[href], button']

/** Keys that work everywhere in the shell: Alt+↑/↓ threads, with Shift unread ones, F6 regions, Esc reads. */
export function useShellKeys(session: Session): void {
  const navigate = useNavigate()
  const { threadId } = useParams()
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
        const next = nextThread(threadId, event.key === 'ArrowUp' ? -1 : 1, event.shiftKey)
        if (!next) return
        event.preventDefault()
        navigate(paths.thread(next))
      } else if (event.key === 'F6') {
        event.preventDefault()
        focusRegion(event.shiftKey ? -1 : 1)
      } else if (event.key === 'Escape' && threadId) {
        const thread = session.live.get().threads[threadId]
        if (thread && thread.unread > 0) {
          session.markRead(threadId, thread.head).catch(reportFailure)
        }
      }
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [session, navigate, threadId])
}

/** The neighbour in the order in which the sidebar shows them. */
function nextThread(
  current: string | undefined,
  step: 1 | -1,
  unread: boolean,
): string | undefined {
  const links = [...document.querySelectorAll<HTMLElement>('[data-thread-link]')].filter(
    (link) => !unread || link.dataset['unread'] || link.dataset['threadLink'] === current,
  )
  const ids = links.flatMap((link) => link.dataset['threadLink'] ?? [])
  const at = current ? ids.indexOf(current) : -1
  const next = at < 0 ? (step > 0 ? 0 : ids.length - 1) : at + step
  return ids[next]
}

function focusRegion(step: 1 | -1): void {
  const present = regions.flatMap(
    (name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? [],
  )
  const at = present.findIndex((region) => region.contains(document.activeElement))
  const from = at < 0 && step < 0 ? 0 : at
  const region = present.at((from + step) % present.length)
  for (const place of places) {
    const target = region?.querySelector<HTMLElement>(place)
    if (target) return target.focus()
  }
}
