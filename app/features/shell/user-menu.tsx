import {
  useFetcher,
  useLocation,
  useNavigate,
  useRouteLoaderData,
  useSubmit,
} from '@remix-run/react'
import { ChevronsUpDown, LogOut, ServerCog, Settings, UserRound } from 'lucide-react'
import type { loader as rootLoader } from '~/root.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { themes, type Theme } from '~/lib/theme.ts'
import { Avatar } from '~/ui/avatar.tsx'
import { DropdownMenu, MenuChoices, MenuItem, MenuSeparator } from '~/ui/dropdown-menu.tsx'
import { useSession } from './session-context.tsx'

/** Who I am here, and what there is to set. */
export function UserMenu() {
  const session = useSession()
  const { viewer } = session
  const navigate = useNavigate()
  const submit = useSubmit()
  const text = strings.shell
  return (
    <DropdownMenu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={text.userMenu(viewer.name)}
          className="flex w-full items-center gap-2.5 rounded-lg p-2 text-start hover:bg-hover data-[state=open]:bg-hover"
        >
          <Avatar id={viewer.id} name={viewer.name} size="md" />
          <span className="min-w-0 flex-1 leading-tight">
            <span className="block truncate text-sm font-semibold" dir="auto">
              {viewer.name}
            </span>
            <span className="block truncate text-xs text-ink-faint" dir="auto">
              {viewer.status
                ? `${viewer.status.emoji} ${viewer.status.text}`.trim()
                : `@${viewer.handle}`}
            </span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 text-ink-faint" />
        </button>
      }
    >
      <MenuItem icon={<UserRound />} onSelect={() => navigate(paths.person(viewer.id))}>
        {text.profile}
      </MenuItem>
      <MenuItem icon={<Settings />} onSelect={() => navigate(paths.account)}>
        {text.account}
      </MenuItem>
      {viewer.role === 'member' ? null : (
        <MenuItem icon={<ServerCog />} onSelect={() => navigate(paths.server)}>
          {text.server}
        </MenuItem>
      )}
      <MenuSeparator />
      <ThemeChoices />
      <MenuSeparator />
      <MenuItem
        icon={<LogOut />}
        onSelect={() => {
          session.forget()
          submit(null, { method: 'post', action: paths.signOut })
        }}
      >
        {text.signOut}
      </MenuItem>
    </DropdownMenu>
  )
}

function ThemeChoices() {
  const fetcher = useFetcher()
  const { pathname } = useLocation()
  const theme = useRouteLoaderData<typeof rootLoader>('root')?.theme ?? 'system'
  return (
    <MenuChoices<Theme>
      label={strings.shell.theme}
      value={theme}
      onChange={(next) => {
        fetcher.submit({ theme: next, back: pathname }, { method: 'post', action: paths.theme })
      }}
      options={themes.map((value) => ({ value, label: strings.shell.themes[value] }))}
    />
  )
}
