/** `npm run demo`: a place with people and a history in it, in a data folder of its own. */
import { becomeSkein } from './become-skein.ts'
import { runSkein } from './run-skein.ts'
import { ensureWebBuild } from './web-build.ts'

process.env.DATA_DIR ??= '.skein/demo'
await ensureWebBuild()
runSkein('seed')
await becomeSkein('serve', ...process.argv.slice(2))
