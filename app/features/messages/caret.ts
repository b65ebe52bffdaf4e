/** A text and what is selected in it, as a textarea has them. */
export interface Selection {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Replace `from`…`to` by `insert`, then select `start`…`end`. Done as one edit, so that undo takes it back. */
export interface TextEdit {
  readonly from: number
  readonly to: number
  readonly insert: string
  readonly start: number
  readonly end: number
}

/** Puts the mark (`**`, `_`, `` ` ``) around what is selected, or takes it away where it is already. */
export function toggleMark({ text, start, end }: Selection, mark: string): TextEdit {
  const selected = text.slice(start, end)
  const size = mark.length
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark) {
    return {
      from: start - size,
      to: end + size,
      insert: selected,
      start: start - size,
      end: end - size,
    }
  }
  const wrapped = selected.startsWith(mark) && selected.endsWith(mark)
  if (selected.length >= 2 * size && wrapped) {
    const bare = selected.slice(size, -size)
    return { from: start, to: end, insert: bare, start, end: start + bare.length }
  }
  return {
    from: start,
    to: end,
    insert: mark + selected + mark,
    start: start + size,
    end: end + size,
  }
}

/** A pasted address over a selection makes a link of it; anything else is pasted as it is (null). */
export function pasteLink({ text, start, end }: Selection, pasted: string): TextEdit | null {
  const address = pasted.trim()
  const selected = text.slice(start, end)
  if (!selected.trim() || /[\n[\]]/.test(selected) || isAddress(selected.trim())) return null
  if (!isAddress(address)) return null
  const insert = `[${selected}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`
  return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length }
}

function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)
}
