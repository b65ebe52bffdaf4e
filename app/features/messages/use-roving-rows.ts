import { useCallback, type KeyboardEvent } from 'react'

/**
 * One Tab stop for the whole list: arrows, Home and End go from message to message, Enter goes into a message's
 * actions, Escape comes back out. `onMove` is told the key of the row that takes the focus.
 */
export function useRovingRows(onMove: (key: string) => void) {
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return
      const target = event.target as HTMLElement
      const row = target.closest<HTMLElement>('[data-message]')
      if (!row) return
      if (target !== row) {
        if (event.key === 'Escape' && !isField(target)) {
          event.preventDefault()
          row.focus()
        }
        return
      }
      if (event.key === 'Enter') {
        event.preventDefault()
        row.querySelector<HTMLElement>('[data-actions] button')?.focus()
        return
      }
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-message]')]
      const next = rows[destination(event.key, rows.indexOf(row), rows.length)]
      if (!next) return
      event.preventDefault()
      onMove(next.dataset['message'] ?? '')
      next.focus()
      next.scrollIntoView({ block: 'nearest' })
    },
    [onMove],
  )
}

function destination(key: string, at: number, count: number): number {
  switch (key) {
    case 'ArrowUp':
      return at - 1
    case 'ArrowDown':
      return at + 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return -1
  }
}

function isField(element: HTMLElement): boolean {
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement
}
