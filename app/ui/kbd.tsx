import type { ReactNode } from 'react'

/** A key or a chord, as it is printed on the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-px font-sans text-2xs font-medium text-ink-soft">
      {children}
    </kbd>
  )
}
