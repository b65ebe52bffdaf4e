import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { messageOf } from '~/lib/message-of.ts'
import { strings } from '~/lib/strings.ts'
import { Button } from '~/ui/button.tsx'
import { fitHeight, isComposing } from './textarea.ts'
import type { MessageRow } from './timeline-rows.ts'
import type { MessageActions } from './use-message-actions.ts'

/** The message's text, to be changed where it stands. What was typed stays until it is saved or given up. */
export function EditForm({ row, actions }: { row: MessageRow; actions: MessageActions }) {
  const { edit } = strings.messages
  const area = useRef<HTMLTextAreaElement>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  useEffect(() => {
    const field = area.current
    if (!field) return
    const before = document.activeElement
    const back = before instanceof HTMLTextAreaElement ? before : field.closest<HTMLElement>('li')
    fitHeight(field)
    field.focus()
    field.setSelectionRange(field.value.length, field.value.length)
    return () => {
      // Done: back to where one came from, unless one went on elsewhere.
      if (document.activeElement === document.body) back?.focus()
    }
  }, [])

  const save = async () => {
    const text = area.current?.value.trim() ?? ''
    if (text === '' || text === row.text) return actions.stopEditing()
    setSaving(true)
    try {
      await actions.save(row, text)
      actions.stopEditing()
    } catch (error) {
      setProblem(messageOf(error))
      setSaving(false)
    }
  }

  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return
    if (event.key === 'Escape') {
      event.preventDefault()
      actions.stopEditing()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void save()
    }
  }

  return (
    <form
      className="my-1"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <textarea
        ref={area}
        defaultValue={row.text}
        aria-label={edit.label}
        aria-invalid={problem !== null || undefined}
        dir="auto"
        rows={1}
        className="w-full resize-none rounded-md border border-line-strong bg-raised px-3 py-2 focus-visible:outline-offset-0"
        onInput={(event) => fitHeight(event.currentTarget)}
        onKeyDown={pressed}
      />
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <Button type="submit" size="sm" variant="primary" disabled={saving}>
          {edit.save}
        </Button>
        <Button size="sm" variant="quiet" onClick={actions.stopEditing}>
          {edit.cancel}
        </Button>
        {problem ? (
          <p role="alert" className="text-sm text-danger-ink">
            {problem}
          </p>
        ) : (
          <p className="text-xs text-ink-faint max-sm:hidden">{edit.hint}</p>
        )}
      </div>
    </form>
  )
}
