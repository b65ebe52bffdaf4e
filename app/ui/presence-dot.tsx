import { clsx } from 'clsx'

/** How somebody is: full, a ring, or grey, so that it does not hang on colour alone. The words stand beside it. */
export type PresenceLook = 'online' | 'away' | 'offline'

const looks: Record<PresenceLook, string> = {
  online: 'bg-present',
  away: 'bg-surface inset-ring-2 inset-ring-present',
  offline: 'bg-line-strong',
}

export function PresenceDot({ look, className }: { look: PresenceLook; className?: string }) {
  return <span aria-hidden="true" className={clsx('block rounded-full', looks[look], className)} />
}
