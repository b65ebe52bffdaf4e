import { NavLink } from '@remix-run/react'
import { clsx } from 'clsx'

export interface TabsProps {
  label: string
  tabs: readonly { to: string; label: string; end?: boolean }[]
}

/** Sections of one place, each with a URL of its own: links, so they work before JavaScript. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <NavLink
          key={tab.to}
          to={tab.to}
          end={tab.end ?? false}
          className={({ isActive }) =>
            clsx(
              '-mb-px inline-flex min-h-10 items-center border-b-2 px-3 text-sm font-semibold whitespace-nowrap -outline-offset-2',
              isActive
                ? 'border-accent text-ink'
                : 'border-transparent text-ink-soft hover:text-ink',
            )
          }
        >
          {tab.label}
        </NavLink>
      ))}
    </nav>
  )
}
