import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type ts from 'typescript'
import { createTypeProgram, failOn } from './type-program.ts'

/** Compiles only where the published types are the very ones of the server. */
const agreement = `
import type * as Source from '../contract.ts'
import type * as Built from './contract.d.ts'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Deep<T> = T extends (infer Each)[] ? Deep<Each>[] : T extends object ? { [Key in keyof T]: Deep<T[Key]> } : T

export const inputs: Same<Deep<Source.Inputs>, Deep<Built.Inputs>> = true
export const outputs: Same<Deep<Source.Outputs>, Deep<Built.Outputs>> = true
export const events: Same<Source.SkeinEvent, Built.SkeinEvent> = true
export const types: Same<Source.EventType, Built.EventType> = true
export const reasons: Same<Source.ServerReason, Built.ServerReason> = true
`

/**
 * Checks what was written: every declaration by itself, and the contract against the server.
 *
 * @param before the program that they were written from
 * @throws Error with what TypeScript says
 */
export async function checkDeclarations(
  root: string,
  entries: readonly string[],
  outFolder: string,
  before: ts.Program,
): Promise<void> {
  const path = join(outFolder, 'agreement.ts')
  await writeFile(path, agreement)
  try {
    const files = entries.map((entry) => join(outFolder, entry.replace(/\.tsx?$/, '.d.ts')))
    // The repository skips the check of declarations, which are other people's there.
    const program = createTypeProgram(root, [path, ...files], { skipLibCheck: false }, before)
    const written = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(`${outFolder}/`))
    for (const file of written) failOn(program.getSemanticDiagnostics(file))
  } finally {
    await rm(path)
  }
}
