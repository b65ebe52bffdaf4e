import { Link } from '@remix-run/react'
import { clsx } from 'clsx'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'

export interface PageProps {
  title: ReactNode
  /** Where it leads back to: on narrow screens, or on all where nothing else leads there. */
  back: { to: string; label: string; always?: boolean }
  /** One sentence below the title. */
  lead?: ReactNode
  /** At the end of the title's line. */
  action?: ReactNode
  /** Tabs of the place, above the content. */
  tabs?: ReactNode
  width?: 'narrow' | 'wide' | undefined
  children: ReactNode
}

/** A page beside the conversation: a title that stays, and content that scrolls. */
export function Page({ title, back, lead, action, tabs, width = 'narrow', children }: PageProps) {
  const measure = clsx('mx-auto w-full px-4 sm:px-8', width === 'wide' ? 'max-w-5xl' : 'max-w-3xl')
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain scroll-pt-24">
      <header className={clsx(measure, 'pt-3 sm:pt-8')}>
        <Link
          to={back.to}
          className={clsx(
            '-ms-2 mb-2 inline-flex h-9 items-center gap-1 rounded-md ps-1 pe-3 text-sm font-semibold text-ink-soft hover:bg-hover hover:text-ink',
            !back.always && 'md:hidden',
          )}
        >
          <ChevronLeft aria-hidden="true" className="size-4 rtl:-scale-x-100" />
          {back.label}
        </Link>
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="font-display text-2xl font-semibold tracking-tight" dir="auto">
              {title}
            </h1>
            {lead ? <p className="mt-1 max-w-prose text-ink-soft">{lead}</p> : null}
          </div>
          {action}
        </div>
        {tabs ? <div className="mt-5">{tabs}</div> : null}
      </header>
      <div className={clsx(measure, 'pt-6 pb-20')}>{children}</div>
    </div>
  )
}

export interface SectionProps {
  title: string
  /** What it is for, beside or below the title. */
  lead?: ReactNode
  children: ReactNode
  /** Nothing but the content: no card around it. */
  bare?: boolean | undefined
}

/** One subject of a page of settings. */
export function Section({ title, lead, children, bare }: SectionProps) {
  return (
    <section className="border-t border-line py-8 first:border-t-0 first:pt-0">
      <h2 className="font-display text-lg font-semibold">{title}</h2>
      {lead ? <p className="mt-0.5 max-w-prose text-sm text-ink-soft">{lead}</p> : null}
      <div className={clsx('mt-4', !bare && 'rounded-xl border border-line p-4 sm:p-5')}>
        {children}
      </div>
    </section>
  )
}
