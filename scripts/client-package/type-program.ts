import { join } from 'node:path'
import ts from 'typescript'

/** TypeScript's view of files, with the repository's own options. */
export function createTypeProgram(
  root: string,
  files: readonly string[],
  options: ts.CompilerOptions,
  before?: ts.Program,
): ts.Program {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown }
  const host = { ...ts.sys, readDirectory: () => [] }
  const repository = ts.parseJsonConfigFileContent(config, host, root)
  return ts.createProgram({
    rootNames: files,
    options: {
      ...repository.options,
      incremental: false,
      tsBuildInfoFile: undefined,
      ...options,
    },
    ...(before && { oldProgram: before }),
  })
}

/** @throws Error with what TypeScript says, if it says anything */
export function failOn(diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return
  throw new Error(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
      getNewLine: () => '\n',
    }),
  )
}
