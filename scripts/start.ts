/** `npm start`: build what is stale, then serve. */
import { becomeSkein } from './become-skein.ts'
import { ensureWebBuild } from './web-build.ts'

await ensureWebBuild()
await becomeSkein('serve', ...process.argv.slice(2))
