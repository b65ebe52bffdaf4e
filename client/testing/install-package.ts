import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What consumers have beside the package; in a real installation npm brings it. */
const others = [
  '@tanstack/react-query',
  '@trpc/client',
  '@trpc/server',
  '@trpc/tanstack-react-query',
  '@types/node',
  '@types/react',
  '@types/react-dom',
  'react',
  'react-dom',
]

export interface Tarball {
  path: string
  bytes: number
}

/** `npm pack` of what was built. */
export async function packClient(folder: string): Promise<Tarball> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, 'client'),
  })
  const [packed] = JSON.parse(stdout) as { filename: string; size: number }[]
  if (!packed) throw new Error('npm packed nothing')
  return { path: join(folder, packed.filename), bytes: packed.size }
}

/** A project with the package unpacked in its node_modules, as npm would, without asking a registry. */
export async function makeConsumer(
  folder: string,
  name: string,
  tarball: Tarball,
  compilerOptions: Record<string, unknown>,
): Promise<string> {
  const project = join(folder, name)
  await cp(join(root, 'client/testing/consumers', name), project, { recursive: true })
  const target = join(project, 'node_modules/@skein/client')
  await mkdir(target, { recursive: true })
  await run('tar', ['xzf', tarball.path, '--strip-components=1', '-C', target])
  for (const other of others) {
    const link = join(project, 'node_modules', other)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, 'node_modules', other), link)
  }
  const type = name === 'common-js' ? 'commonjs' : 'module'
  await writeFile(join(project, 'package.json'), JSON.stringify({ name, private: true, type }))
  const tsconfig = {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      outDir: 'out',
      // As `tsc --init` has it; the declarations of the package itself are checked where it is built.
      skipLibCheck: true,
      types: ['node'],
      ...compilerOptions,
    },
    include: ['*.ts', '*.tsx'],
  }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig))
  return project
}

export interface Compilation {
  /** Lines that name an error. */
  errors: string[]
  /** Figures of --extendedDiagnostics by their names. */
  figures: Record<string, number>
}

/** `tsc --extendedDiagnostics` in a project. What it emits is there, with errors too. */
export async function compile(project: string): Promise<Compilation> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', project, '--extendedDiagnostics'], {
    cwd: project,
  }).catch((error: { stdout: string }) => error)
  const lines = stdout.split('\n')
  const figures = lines.flatMap((line) => {
    const [, name, value] = /^([A-Z][\w /]+): +([\d.]+)[sK]?$/.exec(line) ?? []
    return name === undefined ? [] : [[name, Number(value)] as const]
  })
  return {
    errors: lines.filter((line) => line.includes('error TS')),
    figures: Object.fromEntries(figures),
  }
}

/** The package.json of the client as it is published. */
export async function readManifest(): Promise<Record<string, unknown>> {
  const text = await readFile(join(root, 'client/package.json'), 'utf8')
  return JSON.parse(text) as Record<string, unknown>
}
