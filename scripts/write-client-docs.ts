/** `node scripts/write-client-docs.ts`: writes anew what is generated in docs/client.md. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { refreshClientDocs } from './client-docs/refresh-client-docs.ts'

const path = fileURLToPath(new URL('../docs/client.md', import.meta.url))
await writeFile(path, await refreshClientDocs(await readFile(path, 'utf8'), path))
