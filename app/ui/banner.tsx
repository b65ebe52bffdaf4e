import { clsx } from 'clsx'
import { CircleAlert, CircleCheck, Info } from 'lucide-react'
import type { ReactNode } from 'react'

export interface BannerProps {
  tone?: 'info' | 'warning' | 'danger' | 'success' | undefined
  children: ReactNode
  /** A button or link at the end. */
  action?: ReactNode
  /** `alert` interrupts a screen reader, `status` waits; leave it out for what was there from the start. */
  role?: 'alert' | 'status' | undefined
  className?: string | undefined
}

const tones = {
  info: 'bg-accent-wash text-accent-ink',
  warning: 'bg-bill-wash text-bill-ink',
  danger: 'bg-danger-wash text-danger-ink',
  success: 'bg-accent-wash text-accent-ink',
}

/** A sentence across the top of a place: what happened and what to do. */
export function Banner({ tone = 'info', children, action, role, className }: BannerProps) {
  const Icon = tone === 'success' ? CircleCheck : tone === 'info' ? Info : CircleAlert
  return (
    <div
      role={role}
      className={clsx(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg px-3.5 py-2.5 text-sm font-medium',
        tones[tone],
        className,
      )}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  )
}
