import { Link } from '@remix-run/react'
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'
import { Page } from '~/ui/page.tsx'
import { Tabs } from '~/ui/tabs.tsx'

/** The frame of the lists of threads: those to join, and those put away. */
export function BrowsePage({ children }: { children: ReactNode }) {
  const text = strings.places.browse
  return (
    <Page
      title={text.title}
      lead={text.lead}
      back={{ to: paths.threads, label: strings.places.back }}
      action={
        <Button asChild variant="primary">
          <Link to={paths.newThread}>
            <Plus aria-hidden="true" className="size-4" />
            {strings.threads.newThread}
          </Link>
        </Button>
      }
      tabs={
        <Tabs
          label={text.tabs}
          tabs={[
            { to: paths.browse, label: text.open },
            { to: paths.archived, label: text.archived },
          ]}
        />
      }
    >
      {children}
    </Page>
  )
}
