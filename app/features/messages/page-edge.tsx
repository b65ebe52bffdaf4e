import { Link } from '@remix-run/react'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'
import { Spinner } from '~/ui/spinner.tsx'
import type { Paging } from './use-paging.ts'

export interface PageEdgeProps {
  paging: Paging
  label: string
  /** Where the same is to be had before JavaScript. */
  href: string
}

/** The end of what is loaded, with more behind it. */
export function PageEdge({ paging, label, href }: PageEdgeProps) {
  const { state, load, edge } = paging
  const { loading, loadFailed, retry } = strings.messages
  return (
    <div ref={edge} className="flex min-h-12 items-center justify-center gap-3 text-sm">
      {state === 'loading' ? (
        <Spinner label={loading} className="text-ink-faint" />
      ) : state === 'failed' ? (
        <>
          <span role="alert" className="text-danger-ink">
            {loadFailed}
          </span>
          <Button size="sm" onClick={load}>
            {retry}
          </Button>
        </>
      ) : (
        <Button asChild size="sm" variant="quiet">
          <Link
            to={href}
            onClick={(event) => {
              event.preventDefault()
              load()
            }}
          >
            {label}
          </Link>
        </Button>
      )}
    </div>
  )
}
