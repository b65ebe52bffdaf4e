import { cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleClient } from '../../scripts/client-package/bundle-client.ts'
import { makeTempFolder } from '../../server/testing/temp-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/**
 * The examples as a reader has them: in a folder of their own, and in its node_modules what their package.json names,
 * the client as a package.
 */
export async function installExamples(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await makeTempFolder()
  await cp(join(root, 'examples'), folder.path, {
    recursive: true,
    filter: (source) => !/\/(?:testing|node_modules)$|\.test\.ts$/.test(source),
  })
  const manifest = JSON.parse(await readFile(join(folder.path, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    devDependencies: Record<string, string>
  }
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const place = join(folder.path, 'node_modules', name)
    await mkdir(dirname(place), { recursive: true })
    if (name === '@skein/client') await installClient(place)
    else await symlink(join(root, 'node_modules', name), place)
  }
  return folder
}

async function installClient(place: string): Promise<void> {
  await mkdir(place)
  await cp(join(root, 'client/package.json'), join(place, 'package.json'))
  const entries = {
    index: join(root, 'client/index.ts'),
    node: join(root, 'client/node.ts'),
    react: join(root, 'client/react.tsx'),
  }
  await bundleClient(root, entries, join(place, 'dist'))
}
