import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface BadgeProps {
  /** `count` is the orange "for you"; the others are quiet labels. */
  tone?: 'count' | 'accent' | 'neutral' | 'danger'
  children: ReactNode
  className?: string | undefined
}

const tones = {
  count: 'bg-bill text-on-bill tabular-nums',
  accent: 'bg-accent-wash text-accent-ink',
  neutral: 'bg-hover text-ink-soft border border-line',
  danger: 'bg-danger-wash text-danger-ink',
}

/** A small label beside something else. */
export function Badge({ tone = 'neutral', children, className }: BadgeProps) {
  return (
    <span
      className={clsx(
        'inline-flex min-w-5 items-center justify-center rounded-full px-1.5 text-2xs font-semibold leading-5',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
