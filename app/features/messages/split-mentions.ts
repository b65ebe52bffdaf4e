import { mentionPattern } from '../../../client/mentions.ts'

/** A piece of text; with a handle where it calls somebody. */
export interface MentionPart {
  readonly text: string
  readonly handle: string | null
}

/** The text in pieces, mentions apart from what stands between them. */
export function splitMentions(text: string): MentionPart[] {
  const parts: MentionPart[] = []
  let from = 0
  for (const match of text.matchAll(mentionPattern)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), handle: null })
    parts.push({ text: match[0], handle: (match[1] ?? '').toLowerCase() })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), handle: null })
  return parts
}
