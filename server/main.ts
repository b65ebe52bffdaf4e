import { skein } from './cli/skein.ts'

process.exit(await skein(process.argv.slice(2)))
