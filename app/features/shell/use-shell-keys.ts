import { useNavigate, useParams } from '@remix-run/react'
import { useEffect } from 'react'
import { paths } from '~/lib/paths.ts'
import { findShortcut } from '~/lib/shortcuts.ts'
import type { Session } from './session.ts'

/** Regions in the order in which F6 goes through them, by their data-region. */
const regions = ['sidebar', 'timeline', 'composer']

/** Where one comes in: the first of these that a region has. */
const places = ['[aria-current="page"]', '[tabindex="0"]', 'textarea', 'a[href], button']

const bound = [
  'previousThread',
  'nextThread',
  'previousUnread',
  'nextUnread',
  'nextRegion',
  'previousRegion',
  'markRead',
  'showShortcuts',
] as const

/** Binds the shortcuts that work everywhere in the shell. */
export function useShellKeys(session: Session, showShortcuts: () => void): void {
  const navigate = useNavigate()
  const { threadId } = useParams()
  useEffect(() => {
    const goTo = (next: string | undefined) => {
      if (next) navigate(paths.thread(next))
    }
    const actions: Record<(typeof bound)[number], () => void> = {
      previousThread: () => goTo(nextThread(threadId, -1, false)),
      nextThread: () => goTo(nextThread(threadId, 1, false)),
      previousUnread: () => goTo(nextThread(threadId, -1, true)),
      nextUnread: () => goTo(nextThread(threadId, 1, true)),
      nextRegion: () => focusRegion(1),
      previousRegion: () => focusRegion(-1),
      markRead: () => {
        const thread = threadId ? session.live.get().threads[threadId] : undefined
        if (thread && thread.unread > 0) {
          session.markRead(thread.id, thread.head)
        }
      },
      showShortcuts,
    }
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const name = findShortcut(event, bound)
      if (!name) return
      event.preventDefault()
      actions[name]()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [session, navigate, threadId, showShortcuts])
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
