import { sql, type Kysely } from 'kysely'
import type { Database } from '../../../db/schema.ts'
import { toMessage } from '../messages/message-dto.ts'
import { toAuthor } from '../people/person-dto.ts'
import type { Author } from '../people/people.schema.ts'
import { activeAt } from './activity.ts'
import { microsOf } from './page-cursor.ts'
import { threadColumns, toThread } from './thread-dto.ts'
import type { MyThread } from './threads.schema.ts'

/** Counting unread messages stops here: nobody reads the difference, and the list stays quick. */
const mostUnread = 1_000
/** Unread messages are counted among so many of the newest: bots, which post and never read, have any number of their own. */
const mostLookedAt = 2_000

/** Which of a person's threads, to be narrowed: only what comes through is looked at closer. */
function selectMine(db: Kysely<Database>, userId: string) {
  return db
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.threadId')
    .where('participants.userId', '=', userId)
    .where('participants.leftSeq', 'is', null)
    .select(['threads.id', 'participants.role', 'participants.joinedSeq'])
}

/** The threads a person takes part in, with all that stands in a row of their list. One statement, one snapshot. */
export function selectMyThreads(
  db: Kysely<Database>,
  userId: string,
  narrow: (mine: ReturnType<typeof selectMine>) => ReturnType<typeof selectMine>,
) {
  // What was read is where the person stands, or else where they joined.
  const readSeq = sql<number>`coalesce(${sql.ref('readPositions.seq')}, ${sql.ref('mine.joinedSeq')})`
  return db
    .selectFrom(narrow(selectMine(db, userId)).as('mine'))
    .innerJoin('threads', 'threads.id', 'mine.id')
    .innerJoin('streams', 'streams.id', 'mine.id')
    .leftJoin('readPositions', (join) =>
      join.onRef('readPositions.threadId', '=', 'mine.id').on('readPositions.userId', '=', userId),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('messages')
          .selectAll()
          .whereRef('messages.threadId', '=', 'threads.id')
          .orderBy('messages.seq', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .leftJoin('users as lastAuthor', 'lastAuthor.id', 'last.authorId')
    .orderBy(activeAt, 'desc')
    .orderBy('threads.id', 'desc')
    .select([
      ...threadColumns,
      'mine.role',
      'streams.head',
      readSeq.as('readSeq'),
      microsOf(activeAt).as('activeMicros'),
      'last.id as lastId',
      'last.seq as lastSeq',
      'last.text as lastText',
      'last.createdAt as lastCreatedAt',
      'last.editedAt as lastEditedAt',
      'last.deletedAt as lastDeletedAt',
      'last.clientId as lastClientId',
      'lastAuthor.id as lastAuthorId',
      'lastAuthor.kind as lastAuthorKind',
      'lastAuthor.name as lastAuthorName',
      'lastAuthor.handle as lastAuthorHandle',
    ])
    .select((eb) => [
      eb
        .selectFrom((counted) =>
          counted
            .selectFrom((looked) =>
              looked
                .selectFrom('messages')
                .select(['messages.authorId', 'messages.deletedAt'])
                .whereRef('messages.threadId', '=', 'threads.id')
                .where('messages.seq', '>', readSeq)
                .orderBy('messages.seq', 'desc')
                .limit(mostLookedAt)
                .as('newest'),
            )
            .select(sql`1`.as('one'))
            .where('newest.authorId', '<>', userId)
            .where('newest.deletedAt', 'is', null)
            .limit(mostUnread)
            .as('unreadMessages'),
        )
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('unread'),
      eb
        .selectFrom('mentions')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('mentions.userId', '=', userId)
        .whereRef('mentions.threadId', '=', 'threads.id')
        .where('mentions.seq', '>', readSeq)
        .as('mentions'),
      // Only direct threads are called by their people, and those are few.
      sql<Author[] | null>`case when ${sql.ref('threads.kind')} = 'direct' then (
        select json_agg(json_build_object('id', u.id, 'kind', u.kind, 'name', u.name, 'handle', u.handle) order by u.id)
        from participants p join users u on u.id = p.user_id
        where p.thread_id = ${sql.ref('threads.id')} and p.left_seq is null) end`.as('people'),
    ])
}

type MyThreadRow = Awaited<ReturnType<ReturnType<typeof selectMyThreads>['execute']>>[number]

export function toMyThread(row: MyThreadRow): MyThread {
  return {
    ...toThread(row),
    head: row.head,
    readSeq: row.readSeq,
    unread: row.unread ?? 0,
    mentions: row.mentions ?? 0,
    lastMessage: lastMessageOf(row),
    role: row.role,
    people: (row.people ?? []).map(toAuthor),
  }
}

function lastMessageOf(row: MyThreadRow): MyThread['lastMessage'] {
  const { lastId, lastSeq, lastText, lastCreatedAt, lastClientId } = row
  const { lastAuthorId, lastAuthorKind, lastAuthorName, lastAuthorHandle } = row
  if (lastId === null || lastSeq === null || lastText === null || lastClientId === null) return null
  if (lastCreatedAt === null || lastAuthorId === null || lastAuthorKind === null) return null
  if (lastAuthorName === null || lastAuthorHandle === null) return null
  return toMessage({
    id: lastId,
    threadId: row.id,
    seq: lastSeq,
    text: lastText,
    clientId: lastClientId,
    createdAt: lastCreatedAt,
    editedAt: row.lastEditedAt,
    deletedAt: row.lastDeletedAt,
    authorId: lastAuthorId,
    authorKind: lastAuthorKind,
    authorName: lastAuthorName,
    authorHandle: lastAuthorHandle,
  })
}
