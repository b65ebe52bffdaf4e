import { Link } from '@remix-run/react'
import { Button } from './button.tsx'

export interface PageLinksProps {
  /** Where the next page begins; null on the last one. */
  next: string | null
  /** This is not the first page. */
  later: boolean
  /** The search that goes on with it. */
  query?: string | undefined
  nextLabel: string
  firstLabel: string
}

/** The way through a list that comes in pages: links, so each page has an address. */
export function PageLinks({ next, later, query, nextLabel, firstLabel }: PageLinksProps) {
  if (next === null && !later) return null
  const search = (after?: string) =>
    `?${new URLSearchParams({ ...(query ? { q: query } : {}), ...(after ? { after } : {}) }).toString()}`
  return (
    <nav className="mt-6 flex justify-center gap-2">
      {later ? (
        <Button asChild>
          <Link to={search()}>{firstLabel}</Link>
        </Button>
      ) : null}
      {next === null ? null : (
        <Button asChild>
          <Link to={search(next)}>{nextLabel}</Link>
        </Button>
      )}
    </nav>
  )
}
