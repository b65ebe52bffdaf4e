import { Link, NavLink } from '@remix-run/react'
import { clsx } from 'clsx'
import { Compass, SquarePen, UsersRound } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { LogoMark } from '~/ui/logo.tsx'
import { Tooltip } from '~/ui/tooltip.tsx'
import { ThreadList } from '../threads/thread-list.tsx'
import { useViewer } from './session-context.tsx'
import { UserButton } from './user-button.tsx'

const UserMenu = lazy(() => import('./user-menu.tsx'))

export interface SidebarProps {
  serverName: string
  /** The list of threads is the page, not what stands beside it. */
  isPage: boolean
  onHelp: () => void
}

/** The way around: the server, its threads, and oneself. */
export function Sidebar({ serverName, isPage, onHelp }: SidebarProps) {
  const { newThread, browse, people } = strings.threads
  return (
    <nav aria-label={strings.shell.sidebar} className="flex h-full min-h-0 flex-col">
      {isPage ? <h1 className="sr-only">{strings.threads.title}</h1> : null}
      <div className="flex h-15 shrink-0 items-center gap-2 ps-4 pe-2">
        <Link
          to={paths.threads}
          className="flex min-w-0 flex-1 items-center gap-2.5 rounded-md py-1"
        >
          <LogoMark className="size-7" />
          <span className="truncate font-display text-lg font-bold tracking-tight" dir="auto">
            {serverName}
          </span>
        </Link>
        <Tooltip text={newThread} side="bottom">
          <Link
            to={paths.newThread}
            aria-label={newThread}
            className="inline-flex size-9 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink"
          >
            <SquarePen aria-hidden="true" className="size-4.5" />
          </Link>
        </Tooltip>
      </div>
      <div className="flex flex-col gap-px px-2 pt-1 pb-4">
        <Place to={paths.browse} icon={<Compass />}>
          {browse}
        </Place>
        <Place to={paths.people} icon={<UsersRound />}>
          {people}
        </Place>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain pt-0.5">
        <ThreadList />
      </div>
      <div className="shrink-0 border-t border-line p-2">
        <Oneself onHelp={onHelp} />
      </div>
    </nav>
  )
}

function Place({ to, icon, children }: { to: string; icon: ReactNode; children: ReactNode }) {
  return (
    <NavLink
      to={to}
      className={({ isActive }) =>
        clsx(
          'flex min-h-11 items-center gap-2.5 rounded-md px-3 text-sm -outline-offset-2 transition-colors md:min-h-8.5',
          isActive
            ? 'bg-accent-wash font-semibold text-accent-ink'
            : 'text-ink-soft hover:bg-hover hover:text-ink',
        )
      }
    >
      <span aria-hidden="true" className="flex w-5 shrink-0 justify-center [&>svg]:size-4">
        {icon}
      </span>
      {children}
    </NavLink>
  )
}

/** The menu is loaded by the first click on its button. */
function Oneself({ onHelp }: { onHelp: () => void }) {
  const viewer = useViewer()
  const [wanted, setWanted] = useState(false)
  if (!wanted) return <UserButton viewer={viewer} onClick={() => setWanted(true)} />
  return (
    <Suspense fallback={<UserButton viewer={viewer} />}>
      <UserMenu onHelp={onHelp} />
    </Suspense>
  )
}
