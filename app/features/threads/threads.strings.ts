import { plural } from '~/lib/plural.ts'

export const threadStrings = {
  title: 'Threads',
  threads: 'Threads',
  direct: 'Direct',
  newThread: 'New thread',
  browse: 'Browse threads',
  people: 'People',
  yourself: 'Notes to yourself',
  kinds: { open: 'Open thread', private: 'Private thread', direct: 'Direct thread' },
  /** The one accessible name of a row: "general, 3 unread, 1 mention". */
  rowName: (name: string, unread: number, mentions: number, presence: string | null) =>
    [
      name,
      presence,
      unread > 0 ? plural(unread, { other: 'unread' }) : null,
      mentions > 0 ? plural(mentions, { one: 'mention', other: 'mentions' }) : null,
    ]
      .filter(Boolean)
      .join(', '),
  noThreadsTitle: 'No threads yet',
  noThreadsText: 'Join one that is open to everyone, or start your own.',
  pickTitle: 'Where to?',
  pickText: 'Choose a thread on the left, find one to join, or start a new one.',
  details: 'Details',
  participants: 'Participants and settings',
  back: 'All threads',
  archived: 'This thread is archived. It can be read, but nobody can write in it.',
  goneTitle: 'You are no longer here',
  goneText: 'You left this thread, or somebody removed you from it.',
  documentTitle: (name: string, server: string, unread: number) =>
    `${unread > 0 ? `(${unread}) ` : ''}${name} · ${server}`,
}
