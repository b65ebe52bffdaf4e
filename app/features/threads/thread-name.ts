import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import type { Author } from '../../../server/features/people/people.schema.ts'
import { strings } from '~/lib/strings.ts'

/** Whom a direct thread is with; oneself when there is nobody else. */
export function othersIn(thread: MyThread, viewerId: string): Author[] {
  return thread.people.filter((person) => person.id !== viewerId)
}

/** What a thread is called: its title, or the people in it. */
export function threadName(thread: MyThread, viewerId: string): string {
  if (thread.title !== null) return thread.title
  const names = othersIn(thread, viewerId).map((person) => person.name)
  if (names.length === 0) return strings.threads.yourself
  return new Intl.ListFormat('en', { style: 'narrow' }).format(names)
}
