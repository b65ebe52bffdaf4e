/**
 * A process that commits one event and dies by SIGKILL before anyone is told: what a crash between COMMIT and
 * publish leaves behind. Arguments: database URL, stream.
 */
import { connect } from '../../db/client.ts'
import { appendEvent, lockStreams } from '../log/append.ts'
import { createCommit } from '../log/commit.ts'

const [url, stream] = process.argv.slice(2)
if (url === undefined || stream === undefined)
  throw new Error('usage: crash-after-commit URL STREAM')
const { db } = connect({ url, maxConnections: 1 })
const commit = createCommit(db, () => process.kill(process.pid, 'SIGKILL'))
await commit(async (trx) => {
  await lockStreams(trx, [stream])
  await appendEvent(trx, stream, 'read-position.moved', null, { threadId: stream, seq: 0 })
})
