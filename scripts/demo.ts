/** `npm run demo`: a place with people and a history in it, in a data folder of its own. */
import { becomeSkein } from './become-skein.ts'
import { ensureWebBuild } from './web-build.ts'

process.env.DATA_DIR ??= '.skein/demo'
await ensureWebBuild()
await becomeSkein('serve', '--seed', ...process.argv.slice(2))
