/** Whether the text calls the person by `@handle`, as a word of its own. */
export function mentions(text: string, handle: string): boolean {
  for (const [, called] of text.toLowerCase().matchAll(mentionPattern)) {
    if (called === handle) return true
  }
  return false
}

const mentionPattern = /(?<![\w@./-])@([a-z0-9](?:[a-z0-9._-]{0,28}[a-z0-9])?)/g
