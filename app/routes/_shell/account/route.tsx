import { Outlet } from '@remix-run/react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Page } from '~/ui/page.tsx'
import { Tabs } from '~/ui/tabs.tsx'

/** What stands around the sections of one's own account. */
export default function Account() {
  const text = strings.accounts.account
  return (
    <Page
      title={text.title}
      back={{ to: paths.threads, label: strings.places.back }}
      tabs={
        <Tabs
          label={text.tabs}
          tabs={[
            { to: paths.account, label: text.security, end: true },
            { to: paths.profile, label: text.profile },
            { to: paths.tokens, label: text.tokens },
          ]}
        />
      }
    >
      <Outlet />
    </Page>
  )
}

export { ErrorPage as ErrorBoundary } from '~/lib/error-page.tsx'
