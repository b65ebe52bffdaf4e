import { Link } from '@remix-run/react'
import { MessagesSquare } from 'lucide-react'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'
import { EmptyState } from '~/ui/empty-state.tsx'

/** On wide screens the place beside the list; on narrow ones the list itself is this page. */
export default function Threads() {
  const { pickTitle, pickText, browse, newThread } = strings.threads
  return (
    <div className="flex flex-1 items-center">
      <EmptyState
        icon={<MessagesSquare />}
        title={pickTitle}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button asChild>
              <Link to={paths.browse}>{browse}</Link>
            </Button>
            <Button asChild variant="primary">
              <Link to={paths.newThread}>{newThread}</Link>
            </Button>
          </div>
        }
      >
        {pickText}
      </EmptyState>
    </div>
  )
}
