import { Form } from '@remix-run/react'
import { Bold, Code, Italic, SendHorizontal } from 'lucide-react'
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { findShortcut, shortcuts } from '~/lib/shortcuts.ts'
import { strings } from '~/lib/strings.ts'
import { IconButton } from '~/ui/icon-button.tsx'
import { useSession } from '../shell/session-context.tsx'
import { pasteLink, toggleMark, type Selection } from './caret.ts'
import { applyEdit, fitHeight, isComposing, isTouch } from './textarea.ts'

export interface ComposerProps {
  threadId: string
  threadName: string
  /** For the form as it is before JavaScript. */
  formClientId: string
  onSent: () => void
  onEditLast: () => void
}

const marks = { bold: '**', italic: '_', code: '`' } as const
const markNames = Object.keys(marks) as (keyof typeof marks)[]

/** A plain text field: input methods, spell-check, undo and screen readers work by themselves. */
export function Composer({
  threadId,
  threadName,
  formClientId,
  onSent,
  onEditLast,
}: ComposerProps) {
  const session = useSession()
  const area = useRef<HTMLTextAreaElement>(null)
  const [over, setOver] = useState(0)
  const text = strings.messages.composer

  useEffect(() => {
    const field = area.current
    if (!field) return
    // What was typed before this script came stays.
    if (field.value === '') field.value = session.drafts.read(threadId)
    fitHeight(field)
    if (!isTouch() && !location.search) field.focus({ preventScroll: true })
  }, [session, threadId])

  const changed = (field: HTMLTextAreaElement) => {
    fitHeight(field)
    session.drafts.write(threadId, field.value)
    setOver(Math.max(0, field.value.length - session.messageLength))
    if (field.value !== '') session.hints.type(threadId)
  }

  const send = () => {
    const field = area.current
    const written = field?.value.trim() ?? ''
    if (!field || written === '' || written.length > session.messageLength) return
    session.outbox.add(threadId, written)
    field.value = ''
    changed(field)
    field.focus()
    onSent()
  }

  const mark = (sign: string) => {
    if (area.current) applyEdit(area.current, toggleMark(selectionOf(area.current), sign))
  }

  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return
    const field = event.currentTarget
    const name = findShortcut(event, markNames)
    if (name) {
      event.preventDefault()
      mark(marks[name])
    } else if (event.key === 'Enter' && !event.shiftKey && !isTouch()) {
      event.preventDefault()
      send()
    } else if (field.value === '' && shortcuts.editLast.matches(event)) {
      event.preventDefault()
      onEditLast()
    }
  }

  const pasted = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const field = event.currentTarget
    const edit = pasteLink(selectionOf(field), event.clipboardData.getData('text/plain'))
    if (!edit) return
    event.preventDefault()
    applyEdit(field, edit)
  }

  return (
    <Form
      method="post"
      data-region="composer"
      className="rounded-lg border border-line-strong bg-raised shadow-lift transition-colors focus-within:border-accent focus-within:ring-1 focus-within:ring-accent"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <input type="hidden" name="clientId" value={formClientId} />
      <textarea
        ref={area}
        name="text"
        rows={1}
        dir="auto"
        aria-label={text.label(threadName)}
        placeholder={text.placeholder(threadName)}
        enterKeyHint="enter"
        autoComplete="off"
        className="block max-h-[40dvh] min-h-11 w-full resize-none overflow-y-auto bg-transparent px-3.5 pt-2.5 pb-1 placeholder:truncate placeholder:text-ink-faint focus-visible:outline-none"
        onInput={(event) => changed(event.currentTarget)}
        onKeyDown={pressed}
        onPaste={pasted}
      />
      <div className="flex items-center gap-0.5 p-1.5 pt-0">
        <div role="group" aria-label={text.formatting} className="flex">
          <IconButton
            size="sm"
            label={text.bold}
            shortcut={shortcuts.bold.keys.join('+')}
            onClick={() => mark(marks.bold)}
          >
            <Bold aria-hidden="true" className="size-4" />
          </IconButton>
          <IconButton
            size="sm"
            label={text.italic}
            shortcut={shortcuts.italic.keys.join('+')}
            onClick={() => mark(marks.italic)}
          >
            <Italic aria-hidden="true" className="size-4" />
          </IconButton>
          <IconButton
            size="sm"
            label={text.code}
            shortcut={shortcuts.code.keys.join('+')}
            onClick={() => mark(marks.code)}
          >
            <Code aria-hidden="true" className="size-4" />
          </IconButton>
        </div>
        <p role="status" className="min-w-0 flex-1 truncate px-2 text-end text-xs text-danger-ink">
          {over > 0 ? text.tooLong(over) : ''}
        </p>
        <button
          type="submit"
          aria-label={text.send}
          className="inline-flex h-8 w-11 items-center justify-center rounded-md bg-accent text-on-accent transition-colors hover:bg-accent-strong"
        >
          <SendHorizontal aria-hidden="true" className="size-4 rtl:-scale-x-100" />
        </button>
      </div>
    </Form>
  )
}

function selectionOf(area: HTMLTextAreaElement): Selection {
  return { text: area.value, start: area.selectionStart, end: area.selectionEnd }
}
