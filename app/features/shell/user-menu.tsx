import { useFetcher, useNavigate, useRouteLoaderData, useSubmit } from '@remix-run/react'
import { Keyboard, LogOut, ServerCog, Settings, UserRound } from 'lucide-react'
import type { loader as rootLoader } from '~/root.tsx'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { themes, type Theme } from '~/lib/theme.ts'
import { DropdownMenu, MenuChoices, MenuItem, MenuSeparator } from '~/ui/dropdown-menu.tsx'
import { useSession, useViewer } from './session-context.tsx'
import { UserButton } from './user-button.tsx'

/** Who I am here, and what there is to set. */
export default function UserMenu({ onHelp }: { onHelp: () => void }) {
  const session = useSession()
  const viewer = useViewer()
  const navigate = useNavigate()
  const submit = useSubmit()
  // Here and not in the menu: what a fetcher brings is dropped when it has gone with the menu.
  const fetcher = useFetcher()
  const text = strings.shell
  return (
    <DropdownMenu side="top" align="start" defaultOpen trigger={<UserButton viewer={viewer} />}>
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
      <MenuItem icon={<Keyboard />} onSelect={onHelp}>
        {text.showShortcuts}
      </MenuItem>
      <MenuSeparator />
      <ThemeChoices
        onChange={(theme) => fetcher.submit({ theme }, { method: 'post', action: paths.theme })}
      />
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

interface ThemeChoicesProps {
  onChange: (theme: Theme) => void
}

function ThemeChoices({ onChange }: ThemeChoicesProps) {
  const theme = useRouteLoaderData<typeof rootLoader>('root')?.theme ?? 'system'
  return (
    <MenuChoices<Theme>
      label={strings.shell.theme}
      value={theme}
      onChange={onChange}
      options={themes.map((value) => ({ value, label: strings.shell.themes[value] }))}
    />
  )
}
