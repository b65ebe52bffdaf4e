import type { Trx } from '../../log/commit.ts'

/** Title of the thread that the first person starts. */
export const welcomeTitle = 'general'

/** The open thread that newcomers join: the oldest of that title that is not archived, or null. */
export async function findWelcomeThread(trx: Trx): Promise<string | null> {
  const row = await trx
    .selectFrom('threads')
    .select('id')
    .where('kind', '=', 'open')
    .where('title', '=', welcomeTitle)
    .where('archivedAt', 'is', null)
    .where('parentMessageId', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}
