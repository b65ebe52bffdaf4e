import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What would tell of the inside of the server, or of what it must never give out. */
const inDeclarations =
  /[Kk]ysely|\bpg\b|\bnode:|\b(?:Context|Services|Actor|Database|Trx)\b|(?<!@trpc\/)\bserver\/|\bzod\b|[Pp]assw|PASSW|[Ss]ecret|[Hh]ash|\b[Ss]alt|[Aa]rgon|[Ll]ucia/g
/** Beside that, browsers have no modules of Node's. */
const inBrowserCode = /(?:from|import|require)\s*\(?\s*['"]node:[^'"]*/g

/** What is meant to be public all the same, and how often: input of signing in, and the token that is shown once. */
const allowed: Readonly<Record<string, number>> = {
  PASSWORD_TOO_COMMON: 1,
  PASSWORD_WRONG: 1,
  changePassword: 1,
  'password: string': 2,
  'currentPassword: string': 1,
  'newPassword: string': 1,
  'secret: string': 1,
}

export interface ForbiddenWord {
  file: string
  word: string
}

/** Every word in the built package that must not be there. */
export async function findForbiddenWords(folder: string): Promise<ForbiddenWord[]> {
  const found: ForbiddenWord[] = []
  for (const file of await readdir(folder, { recursive: true })) {
    const pattern = /\.d\.c?ts$/.test(file)
      ? inDeclarations
      : /\.c?js$/.test(file) && !file.startsWith('node.')
        ? inBrowserCode
        : null
    if (!pattern) continue
    const text = withoutAllowed(await readFile(join(folder, file), 'utf8'))
    for (const [word] of text.matchAll(pattern)) found.push({ file, word })
  }
  return found
}

/** As often as it is allowed; once more, and it stays and is found. */
function withoutAllowed(text: string): string {
  return Object.entries(allowed).reduce((rest, [phrase, times]) => {
    for (let i = 0; i < times; i++) rest = rest.replace(new RegExp(`\\b${phrase}\\b`), '')
    return rest
  }, text)
}
