import type { Migration } from 'kysely/migration'
import * as foundation from './0001-foundation.ts'
import * as eventHandlers from './0002-event-handlers.ts'
import * as threadsInPlace from './0003-threads-in-place.ts'
import * as trustedReferences from './0004-trusted-references.ts'
import * as postMessages from './0005-post-messages.ts'
import * as postingWritesLess from './0006-posting-writes-less.ts'
import * as postingInOnePass from './0007-posting-in-one-pass.ts'
import * as postingThreadByThread from './0008-posting-thread-by-thread.ts'
import * as manyFreshMessages from './0009-many-fresh-messages.ts'

/** Every migration in order, indexed statically: forward only, never edited once released. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-event-handlers': eventHandlers,
  '0003-threads-in-place': threadsInPlace,
  '0004-trusted-references': trustedReferences,
  '0005-post-messages': postMessages,
  '0006-posting-writes-less': postingWritesLess,
  '0007-posting-in-one-pass': postingInOnePass,
  '0008-posting-thread-by-thread': postingThreadByThread,
  '0009-many-fresh-messages': manyFreshMessages,
}

/** The newest schema this code knows. A database beyond it belongs to newer code and is refused. */
export const newestMigration = Object.keys(migrations).sort().at(-1) ?? ''
