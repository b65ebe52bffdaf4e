import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface DisclosureProps {
  /** What the button that opens it says. */
  summary: string
  tone?: 'danger' | undefined
  children: ReactNode
}

/** A step that asks once more: opens in place, and works before JavaScript. */
export function Disclosure({ summary, tone, children }: DisclosureProps) {
  return (
    <details className="group">
      <summary
        className={clsx(
          'inline-flex h-10 cursor-pointer list-none items-center rounded-md border border-line bg-raised px-4 text-sm font-semibold shadow-lift hover:bg-hover [&::-webkit-details-marker]:hidden',
          tone === 'danger' && 'text-danger-ink',
        )}
      >
        {summary}
      </summary>
      <div
        className={clsx(
          'mt-3 rounded-lg border p-4 text-sm',
          tone === 'danger' ? 'border-danger/40 bg-danger-wash/40' : 'border-line bg-sunken',
        )}
      >
        {children}
      </div>
    </details>
  )
}
