import { z } from 'zod'
import { storable } from '../../storable.ts'
import { id, isoTime } from '../people/people.schema.ts'

export const signUpPolicy = z.enum(['open', 'domains', 'invitation'])

/** For anyone, signed in or not. */
export const infoOutput = z.object({
  name: z.string(),
  version: z.string(),
  epoch: z.string(),
  /** How people may sign up; before the first person it is always open. */
  signUp: signUpPolicy,
  /** True until the first person, who becomes the owner, has signed up. */
  fresh: z.boolean(),
  limits: z.object({
    messageLength: z.number(),
    batchCalls: z.number(),
    requestBytes: z.number(),
    callBytes: z.number(),
    callsPerSecond: z.number(),
    frameBytes: z.number(),
    subscriptionsPerSocket: z.number(),
    socketsPerPerson: z.number(),
  }),
  features: z.object({ nats: z.boolean() }),
})

/** For everyone who is signed in. */
export const server = z.object({
  id,
  name: z.string(),
  signUp: signUpPolicy,
  signUpDomains: z.array(z.string()),
})
export const serverOutput = z.object({ server })

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/, 'a domain such as example.org')
export const updateInput = z.object({
  name: storable(z.string().trim().min(1).max(60)).optional(),
  signUp: signUpPolicy.optional(),
  signUpDomains: z.array(domain).max(50).optional(),
})

export const invitation = z.object({
  id,
  note: z.string(),
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
  createdAt: isoTime,
  expiresAt: isoTime.nullable(),
  revokedAt: isoTime.nullable(),
})
export const createInvitationInput = z.object({
  note: storable(z.string().trim().max(100)).default(''),
  maxUses: z.number().int().min(1).max(10_000).nullable().default(null),
  /** Hours until it ends; null never ends. */
  hours: z.number().int().min(1).max(8_760).nullable().default(168),
})
/** The code and link are shown this once; only a hash is kept. */
export const createdInvitationOutput = z.object({ invitation, code: z.string(), url: z.string() })
export const invitationsOutput = z.object({ invitations: z.array(invitation) })
export const revokeInvitationInput = z.object({ invitationId: id })

export type UpdateInput = z.infer<typeof updateInput>
export type CreateInvitationInput = z.infer<typeof createInvitationInput>
export type Server = z.infer<typeof server>
export type Invitation = z.infer<typeof invitation>
