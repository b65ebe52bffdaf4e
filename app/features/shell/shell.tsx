import { useMatch } from '@remix-run/react'
import { clsx } from 'clsx'
import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from 'react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { Session, type SessionStart } from './session.ts'
import { SessionProvider } from './session-context.tsx'
import { Sidebar } from './sidebar.tsx'
import { useShellKeys } from './use-shell-keys.ts'

const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'))

export interface ShellProps {
  start: SessionStart
  serverName: string
  children: ReactNode
}

/** Sidebar and main place. On narrow screens one at a time: the list is a page of its own. */
export function Shell({ start, serverName, children }: ShellProps) {
  const [session] = useState(() => new Session(start))
  const atList = useMatch(paths.threads) !== null
  useEffect(() => {
    session.start()
    return () => session.stop()
  }, [session])
  const { viewer, threads } = start
  useEffect(() => session.refresh({ viewer, threads }), [session, viewer, threads])
  const [helping, setHelping] = useState(false)
  const help = useCallback(() => setHelping(true), [])
  useShellKeys(session, help)
  return (
    <SessionProvider value={session}>
      <a
        href="#main"
        className="absolute start-2 top-2 z-50 -translate-y-20 rounded-md bg-accent px-3 py-2 text-sm font-semibold text-on-accent focus:translate-y-0"
      >
        {strings.shell.skipToContent}
      </a>
      <div className="flex h-dvh flex-col">
        <ConnectionBanner />
        <div className="flex min-h-0 flex-1">
          <div
            data-region="sidebar"
            className={clsx(
              'min-h-0 w-full shrink-0 bg-canvas md:block md:w-68 lg:w-72',
              atList ? 'block' : 'hidden',
            )}
          >
            <Sidebar serverName={serverName} isPage={atList} onHelp={help} />
          </div>
          <main
            id="main"
            tabIndex={-1}
            className={clsx(
              'min-h-0 min-w-0 flex-1 flex-col bg-surface outline-none md:my-2 md:me-2 md:flex md:overflow-hidden md:rounded-xl md:border md:border-line md:shadow-lift',
              atList ? 'hidden' : 'flex',
            )}
          >
            {children}
          </main>
        </div>
      </div>
      {helping ? (
        <Suspense fallback={null}>
          <ShortcutsDialog onClose={() => setHelping(false)} />
        </Suspense>
      ) : null}
    </SessionProvider>
  )
}
