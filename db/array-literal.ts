/**
 * A list of texts as Postgres reads an array. pg does it, too, but makes two copies of each text to look for what has to
 * be escaped, which most do not have; a batch of messages is thousands of them.
 */
export function arrayLiteral(texts: readonly string[]): string {
  if (texts.length === 0) return '{}'
  const safe = texts.some(hasToBeEscaped) ? texts.map(escaped) : texts
  return `{"${safe.join('","')}"}`
}

function hasToBeEscaped(text: string): boolean {
  return text.includes('"') || text.includes('\\')
}

function escaped(text: string): string {
  return text.replace(/["\\]/g, '\\$&')
}
