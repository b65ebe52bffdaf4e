/** `node scripts/build-client.ts`: the package @skein/client, into client/dist. `--size` also measures it. */
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { bundleClient, measureBrowserEntry } from './client-package/bundle-client.ts'
import { checkDeclarations } from './client-package/check-declarations.ts'
import { findForbiddenWords } from './client-package/find-forbidden-words.ts'
import { writeDeclarations } from './client-package/write-declarations.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const outFolder = join(root, 'client/dist')

await bundleClient(
  root,
  {
    index: join(root, 'client/index.ts'),
    node: join(root, 'client/node.ts'),
    react: join(root, 'client/react.tsx'),
    types: join(root, 'client/types.ts'),
  },
  outFolder,
)
const entries = ['index.ts', 'node.ts', 'react.tsx', 'types.ts']
const program = await writeDeclarations(root, entries, outFolder)
await checkDeclarations(root, entries, outFolder, program)
const words = await findForbiddenWords(outFolder)
for (const { file, word } of words) console.error(`skein: client/dist/${file} tells of «${word}»`)
if (words.length > 0) process.exit(1)
console.log('The client is built: client/dist')
if (process.argv.includes('--size'))
  console.log(`In a page, minified and gzipped: ${await measureBrowserEntry(root)} bytes`)
