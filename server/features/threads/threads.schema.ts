import { z } from 'zod'
import { storable } from '../../storable.ts'
import { author, id, isoTime, person } from '../people/people.schema.ts'
import { clientId, message } from '../messages/messages.schema.ts'

export const threadKind = z.enum(['open', 'private', 'direct'])
export const participantRole = z.enum(['owner', 'moderator', 'member', 'guest'])
export const threadTitle = storable(z.string().trim().min(1).max(80)).refine(
  (title) => !/\p{Cc}/u.test(title),
  'line breaks and other control characters cannot be in a title',
)
const topic = storable(z.string().trim().max(250))
const seq = z.number().int().min(0)

export const thread = z.object({
  id,
  kind: threadKind,
  /** Null for direct threads: they are called by their people. */
  title: z.string().nullable(),
  topic: z.string(),
  parentMessageId: id.nullable(),
  createdBy: id,
  createdAt: isoTime,
  archivedAt: isoTime.nullable(),
})

export const participant = z.object({
  threadId: id,
  person: author,
  role: participantRole,
  joinedAt: isoTime,
})

/** A thread as one participant has it before them. */
export const myThread = thread.extend({
  /** seq of the newest event of the thread. */
  head: seq,
  /** Everything up to this seq was seen. */
  readSeq: seq,
  /** Others' messages after readSeq; counting stops at 1,000, and looks at the newest 2,000 messages only. */
  unread: z.number().int().min(0),
  /** Unread messages that mention me. */
  mentions: z.number().int().min(0),
  lastMessage: message.nullable(),
  role: participantRole,
  /** Direct threads: the people in it, me included. Empty for other kinds. */
  people: z.array(author),
})

export const createInput = z.object({
  clientId,
  kind: threadKind,
  title: threadTitle.optional(),
  topic: topic.optional(),
  participantIds: z.array(id).max(100).default([]),
})
export const threadOutput = z.object({ thread: myThread })

export const listInput = z
  .object({
    limit: z.number().int().min(1).max(500).default(200),
    /** `next` of the page before. */
    after: z.string().max(100).optional(),
    archived: z.boolean().default(false),
  })
  .prefault({})
/** Newest activity first. */
export const listOutput = z.object({ threads: z.array(myThread), next: z.string().nullable() })

export const threadInput = z.object({ threadId: id })

export const browseInput = z
  .object({
    query: storable(z.string().trim().max(80)).default(''),
    limit: z.number().int().min(1).max(100).default(50),
    after: z.string().max(100).optional(),
  })
  .prefault({})
export const browseOutput = z.object({
  threads: z.array(
    thread.extend({ participants: z.number().int(), joined: z.boolean(), activeAt: isoTime }),
  ),
  next: z.string().nullable(),
})

export const updateInput = z.object({
  threadId: id,
  title: threadTitle.optional(),
  topic: topic.optional(),
})
export const archiveInput = z.object({ threadId: id, archived: z.boolean().default(true) })
export const markReadInput = z.object({ threadId: id, seq })
/** Everything from this seq on counts as unread again. */
export const markUnreadInput = z.object({ threadId: id, seq: seq.min(1) })
export const readOutput = z.object({ readSeq: seq })

export const participantsListInput = z.object({
  threadId: id,
  limit: z.number().int().min(1).max(200).default(100),
  after: z.string().max(100).optional(),
})
export const participantsOutput = z.object({
  participants: z.array(participant.extend({ person })),
  next: z.string().nullable(),
})
export const addParticipantsInput = z.object({ threadId: id, userIds: z.array(id).min(1).max(100) })
export const removeParticipantInput = z.object({ threadId: id, userId: id })
export const setRoleInput = z.object({ threadId: id, userId: id, role: participantRole })
export const participantOutput = z.object({ participant })
export const addedOutput = z.object({ participants: z.array(participant) })

export const done = z.object({ ok: z.literal(true) })

export type Thread = z.infer<typeof thread>
export type MyThread = z.infer<typeof myThread>
export type Participant = z.infer<typeof participant>
export type ParticipantRole = z.infer<typeof participantRole>
export type ThreadKind = z.infer<typeof threadKind>
export type CreateInput = z.input<typeof createInput>
export type ListInput = z.infer<typeof listInput>
export type ThreadPage = z.infer<typeof listOutput>
export type ThreadInput = z.infer<typeof threadInput>
export type BrowseInput = z.infer<typeof browseInput>
export type BrowsePage = z.infer<typeof browseOutput>
export type UpdateInput = z.infer<typeof updateInput>
export type ArchiveInput = z.infer<typeof archiveInput>
export type MarkReadInput = z.infer<typeof markReadInput>
export type MarkUnreadInput = z.infer<typeof markUnreadInput>
export type ParticipantsListInput = z.infer<typeof participantsListInput>
export type ParticipantsPage = z.infer<typeof participantsOutput>
export type AddParticipantsInput = z.infer<typeof addParticipantsInput>
export type RemoveParticipantInput = z.infer<typeof removeParticipantInput>
export type SetRoleInput = z.infer<typeof setRoleInput>
