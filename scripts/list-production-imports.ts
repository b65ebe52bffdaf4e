import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { resolve, dirname } from 'node:path'

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`; and `import('x')`. */
const atLoad = /^\s*(?:import|export)\s+(?:[\w\s,*${}]+\sfrom\s+)?'([^']+)'/gm
const atRunTime = /\bimport\('([^']+)'\)/g

/**
 * Everything that is loaded when `entry` is: files of ours, and packages by name. Imports at run time (`await
 * import(…)`) count only for files: a package behind one is asked for where it is needed, and may be missing elsewhere.
 */
export async function listProductionImports(
  entry: string,
): Promise<{ files: string[]; packages: Set<string> }> {
  const files = new Set<string>()
  const packages = new Set<string>()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    // Types are taken out as Node does it: what is left is what is loaded.
    const code = stripTypeScriptTypes(await readFile(file, 'utf8'))
    for (const [, name = ''] of code.matchAll(atLoad)) note(name, file)
    for (const [, name = ''] of code.matchAll(atRunTime)) if (name.startsWith('.')) note(name, file)
  }
  return { files: [...files], packages }

  function note(name: string, from: string): void {
    if (name.startsWith('.')) waiting.push(resolve(dirname(from), name))
    else if (!name.startsWith('node:')) packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
  }
}
