import type { EventType } from '../../server/events.ts'

/** Whose stream it stands in, and so who hears of it. */
type Stream = 'thread' | 'person' | 'server'

/** In words for docs/client.md; the compiler asks for every type that the catalogue gains. */
export const whatEventsMean: Readonly<Record<EventType, readonly [Stream, string]>> = {
  'message.posted': ['thread', 'Something was said.'],
  'message.edited': ['thread', 'A message says something else now.'],
  'message.deleted': ['thread', 'A message was taken back; its text is empty.'],
  'thread.created': ['thread', 'The first event of a thread.'],
  'thread.updated': ['thread', 'Its title or topic is another.'],
  'thread.archived': ['thread', 'Nothing more can be said in it.'],
  'thread.restored': ['thread', 'It is open again.'],
  'participant.joined': ['thread', 'Somebody takes part.'],
  'participant.left': ['thread', 'Somebody left; was removed, when `actorId` is another.'],
  'participant.role-changed': ['thread', 'Somebody has another role in it.'],
  'participation.started': ['person', 'I take part; what is said from `joinedSeq` on follows.'],
  'participation.ended': [
    'person',
    'I take part no more; what is said after `leftSeq` is not mine.',
  ],
  'read-position.moved': ['person', 'I have seen a thread up to `seq`, on whichever device.'],
  'session.ended': ['person', 'I was signed out somewhere.'],
  'token.revoked': ['person', 'A token of mine is good no more.'],
  'person.joined': ['server', 'Somebody is here for the first time.'],
  'person.updated': ['server', 'Name, role, status or the like changed; deactivated people too.'],
  'server.updated': ['server', 'The name of the server, or who may sign up.'],
  'open-thread.listed': [
    'server',
    'An open thread is there to join, or says something else of itself.',
  ],
  'open-thread.unlisted': ['server', 'An open thread is not there to join any more.'],
}
