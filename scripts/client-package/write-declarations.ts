import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { format } from 'prettier'
import type ts from 'typescript'
import { createTypeProgram, failOn } from './type-program.ts'
import { writeContract } from './write-contract.ts'

/**
 * Writes the declarations of everything that the entries reach in `client/`, as .d.ts and .d.cts. In place of
 * contract.ts, which names the server's types, comes the contract written out.
 *
 * @returns the program they were written from
 * @throws Error with what TypeScript says of the sources
 */
export async function writeDeclarations(
  root: string,
  entries: readonly string[],
  outFolder: string,
): Promise<ts.Program> {
  const client = join(root, 'client')
  const program = createTypeProgram(
    root,
    entries.map((entry) => join(client, entry)),
    { noEmit: false, declaration: true, emitDeclarationOnly: true },
  )
  const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${client}/`))
  const written = new Map<string, string>()
  for (const file of files) {
    const name = relative(client, file.fileName).replace(/\.tsx?$/, '')
    if (name === 'contract') {
      const text = writeContract(program, file)
      written.set(name, await format(text, { parser: 'typescript', printWidth: 100 }))
    } else {
      failOn(program.getSemanticDiagnostics(file))
      const take = (_: string, text: string) => written.set(name, text)
      failOn(program.emit(file, take, undefined, true).diagnostics)
    }
  }
  const names = entries.map((entry) => entry.replace(/\.tsx?$/, ''))
  for (const name of reachable(written, names)) {
    const text = written.get(name) ?? ''
    await mkdir(dirname(join(outFolder, name)), { recursive: true })
    await writeFile(join(outFolder, `${name}.d.ts`), withEndings(text, 'js'))
    await writeFile(join(outFolder, `${name}.d.cts`), withEndings(text, 'cjs'))
  }
  return program
}

const specifier = /(?<=(?:from |import\()')(\.{1,2}\/[^']+)\.tsx?(?=')/g

function withEndings(text: string, ending: string): string {
  return text.replace(specifier, `$1.${ending}`)
}

/** The entries and what their declarations name. Most of the client is not in it: nobody outside can name it. */
function reachable(written: ReadonlyMap<string, string>, entries: readonly string[]): Set<string> {
  const found = new Set(entries)
  for (const name of found) {
    const text = written.get(name)
    if (text === undefined) throw new Error(`${name} is declared nowhere`)
    for (const [, path = ''] of text.matchAll(specifier)) found.add(join(dirname(name), path))
  }
  return found
}
