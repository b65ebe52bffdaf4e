/** Code is quoted, not spoken: a decorator or an address in it calls nobody. */
const code = /(`{3,}|~{3,})[^]*?(?:\1|$)|(`+)[^`\n][^\n]*?\2/g
/** As in people.schema.ts; not inside a word, so that an e-mail address is none. */
const mention =
  /(?<![\p{L}\p{N}_.@/-])@([a-z0-9](?:[a-z0-9._-]{0,28}[a-z0-9])?)(?![\p{L}\p{N}_])/giu

/** The handles a text calls with an @, lower-cased, each once. */
export function findMentions(text: string): string[] {
  const handles = new Set<string>()
  for (const [, handle] of text.replace(code, ' ').matchAll(mention))
    if (handle !== undefined) handles.add(handle.toLowerCase())
  return [...handles]
}
