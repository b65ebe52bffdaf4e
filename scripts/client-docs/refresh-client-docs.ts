import { format, resolveConfig } from 'prettier'
import { generateClientDocs } from './generate-client-docs.ts'

/** The page with its generated parts as they are now. @throws Error when it lacks the markers of one */
export async function refreshClientDocs(page: string, path: string): Promise<string> {
  let fresh = page
  for (const [name, text] of Object.entries(generateClientDocs())) {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`]
    const [before, rest] = split(fresh, begin)
    const [, after] = split(rest, end)
    fresh = `${before}${begin}\n\n${text}\n\n${end}${after}`
  }
  return format(fresh, { ...(await resolveConfig(path)), parser: 'markdown' })
}

function split(text: string, marker: string): [string, string] {
  const at = text.indexOf(marker)
  if (at < 0) throw new Error(`the page lacks ${marker}`)
  return [text.slice(0, at), text.slice(at + marker.length)]
}
