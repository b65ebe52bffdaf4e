import type { ReactNode } from 'react'

export interface EmptyStateProps {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}

/** A place with nothing in it yet, and what one can do about that. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center">
      {icon ? (
        <div
          aria-hidden="true"
          className="mb-2 flex size-14 items-center justify-center rounded-xl bg-accent-wash text-accent-ink [&>svg]:size-6"
        >
          {icon}
        </div>
      ) : null}
      <h2 className="font-display text-lg font-semibold">{title}</h2>
      {children ? <div className="text-ink-soft text-balance">{children}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  )
}
