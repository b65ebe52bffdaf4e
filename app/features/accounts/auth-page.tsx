import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { paths } from '~/lib/paths.ts'
import { LogoMark } from '~/ui/logo.tsx'
import { Flock } from './flock.tsx'

export interface AuthPageProps {
  serverName: string
  title: string
  lead?: ReactNode
  children: ReactNode
  /** A line below the form: the other way in. */
  footer?: ReactNode
}

/** The frame of every page before somebody is in: the form, and beside it where there is room, the flock. */
export function AuthPage({ serverName, title, lead, children, footer }: AuthPageProps) {
  return (
    <div className="flex min-h-dvh flex-1">
      <aside
        aria-hidden="true"
        className="relative hidden w-[42%] max-w-2xl overflow-hidden bg-[#0a453f] text-[#d9ece6] lg:block"
      >
        <Flock className="absolute inset-x-0 top-[14%] w-full" />
        <p
          className="absolute inset-x-12 bottom-14 font-display text-4xl font-semibold tracking-tight text-balance break-words"
          dir="auto"
        >
          {serverName}
        </p>
      </aside>
      <main className="flex min-w-0 flex-1 flex-col bg-surface">
        <div className="px-5 pt-5 sm:px-8 sm:pt-7">
          <Link
            to={paths.home}
            className="inline-flex max-w-full items-center gap-2.5 rounded-md font-display text-lg font-bold tracking-tight"
          >
            <LogoMark className="size-7" />
            <span className="truncate" dir="auto">
              {serverName}
            </span>
          </Link>
        </div>
        <div className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center px-5 py-10 sm:px-8">
          <h1 className="font-display text-2xl font-semibold tracking-tight">{title}</h1>
          {lead ? (
            <p className="mt-1 text-ink-soft" dir="auto">
              {lead}
            </p>
          ) : null}
          <div className="mt-7">{children}</div>
          {footer ? <p className="mt-6 text-sm text-ink-soft">{footer}</p> : null}
        </div>
      </main>
    </div>
  )
}

/** A link in the flow of a sentence. */
export function TextLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link
      to={to}
      className="rounded-sm font-semibold text-accent-ink underline decoration-accent/40 underline-offset-3 hover:decoration-current"
    >
      {children}
    </Link>
  )
}
