import { Form, useSubmit } from '@remix-run/react'
import { MonitorSmartphone, Moon, Sun } from 'lucide-react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { themes, type Theme } from '~/lib/theme.ts'
import { Button } from '~/ui/button.tsx'
import { ChoiceCards } from '~/ui/choice-cards.tsx'
import { useHydrated } from '~/ui/use-hydrated.ts'

const icons = { system: <MonitorSmartphone />, light: <Sun />, dark: <Moon /> }

/** Light, dark or as the device: at once with JavaScript, by a button without. */
export function AppearanceForm({ theme }: { theme: Theme }) {
  const submit = useSubmit()
  const atOnce = useHydrated()
  const text = strings.accounts.account
  return (
    <Form
      method="post"
      action={paths.theme}
      preventScrollReset
      onChange={(event) =>
        submit(event.currentTarget, {
          method: 'post',
          action: paths.theme,
          replace: true,
          preventScrollReset: true,
        })
      }
    >
      <input type="hidden" name="back" value={paths.account} />
      <ChoiceCards
        legend={text.appearance}
        name="theme"
        columns={3}
        chosen={theme}
        choices={themes.map((value) => ({ value, icon: icons[value], ...text.themes[value] }))}
      />
      {atOnce ? null : (
        <Button type="submit" className="mt-4">
          {text.apply}
        </Button>
      )}
    </Form>
  )
}
