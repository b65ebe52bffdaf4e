import { appendEvent } from '../../log/append.ts'
import type { Trx } from '../../log/commit.ts'
import type { Thread } from './threads.schema.ts'

/** The stream on which everyone learns which open threads there are. */
export async function serverStreamId(trx: Trx): Promise<string> {
  const { streamId } = await trx.selectFrom('server').select('streamId').executeTakeFirstOrThrow()
  return streamId
}

/** Tells everyone what an open thread is now; its stream and the server's are locked. Other kinds stay unmentioned. */
export async function announceOpenThread(trx: Trx, actorId: string, thread: Thread): Promise<void> {
  if (thread.kind !== 'open') return
  const stream = await serverStreamId(trx)
  if (thread.archivedAt === null)
    await appendEvent(trx, stream, 'open-thread.listed', actorId, { thread })
  else await appendEvent(trx, stream, 'open-thread.unlisted', actorId, { threadId: thread.id })
}
