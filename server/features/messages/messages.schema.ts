import { z } from 'zod'
import { storable } from '../../storable.ts'
import { author, givenId, givenTime, id, isoTime } from '../people/people.schema.ts'

/** Made by the client (a UUID is a good one), unique per author for ever: the same id is the same send. */
export const clientId = z
  .string()
  .regex(/^[\w.:-]{1,100}$/, 'letters, digits, . : _ -, at most 100')
const seq = z.number().int().min(0)

/** Longest message in characters; in bytes it still fits a socket frame of 64 KiB. */
export const maxMessageLength = 10_000
/** Most edits of one message: deleting it takes what each of them said out of the log, in one transaction. */
export const maxEdits = 1_000
/** Most versions that a history gives, the newest. */
export const maxVersions = 100
/** Kept as typed; only spaces do not make a message. */
export const messageText = storable(z.string().max(maxMessageLength)).refine(
  (text) => text.trim() !== '',
  'a message needs text',
)

export const message = z.object({
  id: givenId,
  threadId: givenId,
  seq,
  author,
  /** Empty when deleted. */
  text: z.string(),
  at: givenTime,
  editedAt: givenTime.nullable(),
  deletedAt: givenTime.nullable(),
  clientId: z.string(),
})

export const sendInput = z.object({ threadId: id, clientId, text: messageText })
export const messageOutput = z.object({ message })
/** With a clientId a repeated edit has no second effect, even when other edits came between. */
export const editInput = z.object({
  messageId: id,
  text: messageText,
  clientId: clientId.optional(),
})
export const messageInput = z.object({ messageId: id })

/** At most one of before, after and around; none gives the newest. before and after are exclusive. */
export const listInput = z
  .object({
    threadId: id,
    before: seq.optional(),
    after: seq.optional(),
    around: seq.optional(),
    limit: z.number().int().min(1).max(100).default(50),
  })
  .refine(
    (input) => [input.before, input.after, input.around].filter((x) => x !== undefined).length <= 1,
    'give at most one of before, after and around',
  )
/** Oldest first; fewer than asked for where they are long. Deleted messages are in it, as tombstones. */
export const listOutput = z.object({
  messages: z.array(message),
  /** seq of the thread's newest event when this was read: events up to it are in these messages. */
  head: seq,
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
})

/** What the message said last, oldest first, at most 100 versions; the last entry is what it says now. */
export const historyOutput = z.object({
  versions: z.array(z.object({ text: z.string(), at: isoTime })),
})

/** Output parser of `messages.list`: made field by field (create-page-reader.ts), each page is not taken apart once more. */
export function givenPage(value: unknown): MessagePage {
  return value as MessagePage
}

/** The same of `messages.send` (send-messages.ts). */
export function givenMessage(value: unknown): z.infer<typeof messageOutput> {
  return value as z.infer<typeof messageOutput>
}

export type Message = z.infer<typeof message>
export type SendInput = z.infer<typeof sendInput>
export type EditInput = z.infer<typeof editInput>
export type MessageInput = z.infer<typeof messageInput>
export type ListInput = z.infer<typeof listInput>
export type MessagePage = z.infer<typeof listOutput>
export type History = z.infer<typeof historyOutput>
