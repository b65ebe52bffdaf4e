import type { KeyboardEvent } from 'react'
import type { TextEdit } from './caret.ts'

/** As tall as its text, up to what its CSS allows. */
export function fitHeight(area: HTMLTextAreaElement): void {
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight + 2}px`
}

/** An input method is still choosing characters: Enter belongs to it. Safari says so only by key code 229. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229
}

/** Enter is a new line where there is no other way to type one. */
export function isTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches
}

/** Makes an edit as if it had been typed, so that the browser's undo takes it back. */
export function applyEdit(area: HTMLTextAreaElement, edit: TextEdit): void {
  area.focus()
  area.setSelectionRange(edit.from, edit.to)
  // The only way to edit a field with undo; browsers keep it for exactly this.
  if (!document.execCommand('insertText', false, edit.insert)) {
    area.setRangeText(edit.insert)
    area.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  area.setSelectionRange(edit.start, edit.end)
}
