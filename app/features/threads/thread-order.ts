import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { threadName } from './thread-name.ts'

export interface ThreadGroups {
  /** Open and private threads by name: each keeps its place. */
  readonly named: readonly MyThread[]
  /** Direct threads, the latest first. */
  readonly direct: readonly MyThread[]
}

const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/** The sidebar's order. Archived threads are found by browsing. */
export function groupThreads(
  threads: Readonly<Record<string, MyThread>>,
  viewerId: string,
): ThreadGroups {
  const present = Object.values(threads).filter((thread) => thread.archivedAt === null)
  const named = present.filter((thread) => thread.kind !== 'direct')
  const direct = present.filter((thread) => thread.kind === 'direct')
  return {
    named: named.sort((a, b) => collator.compare(threadName(a, viewerId), threadName(b, viewerId))),
    direct: direct.sort((a, b) => (activeAt(a) < activeAt(b) ? 1 : -1)),
  }
}

function activeAt(thread: MyThread): string {
  return thread.lastMessage?.at ?? thread.createdAt
}
