/**
 * Who a text calls. The server counts by it and the client shows by it, so there is one reading of it. Handles are as
 * in people.schema.ts; an e-mail address calls nobody, and not every script has spaces around a name.
 */

/** `@handle` as a word of its own; the first group is the handle. */
export const mentionPattern =
  /(?<![\p{Script=Latin}\p{N}.@/+-])@([a-z0-9](?:[a-z0-9._-]{0,28}[a-z0-9])?)(?![\p{Script=Latin}\p{N}])/giu

/** Code is quoted, not spoken: a decorator in it calls nobody. */
const code = /(`{3,}|~{3,})[^]*?(?:\1|$)|(`+)[^`\n][^\n]*?\2/g

/** The handles a text calls, lower-cased, each once. */
export function findMentions(text: string): string[] {
  // Most texts call nobody, and a server reads each of them.
  if (!text.includes('@')) return []
  const handles = new Set<string>()
  for (const [, handle] of text.replace(code, ' ').matchAll(mentionPattern))
    if (handle !== undefined) handles.add(handle.toLowerCase())
  return [...handles]
}

/** Whether the text calls the person by their handle. */
export function mentions(text: string, handle: string): boolean {
  return findMentions(text).includes(handle)
}
