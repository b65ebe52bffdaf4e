import { useEffect } from 'react'

/** The tab's title, kept up while it changes without a change of place. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
}
