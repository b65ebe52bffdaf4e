/** `npm run build`: the web app, unless it is up to date. */
import { ensureWebBuild } from './web-build.ts'

await ensureWebBuild()
