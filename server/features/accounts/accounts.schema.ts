import { z } from 'zod'
import { storable } from '../../storable.ts'
import { handle, id, isoTime, personName, self } from '../people/people.schema.ts'

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email())
/** New passwords: 10 to 1024 characters, nothing cut, every character allowed. Common ones are refused by name. */
export const newPassword = z.string().min(10, 'at least 10 characters').max(1024)
const givenPassword = z.string().min(1).max(1024)

export const signUpInput = z.object({
  email,
  password: newPassword,
  name: personName,
  handle,
  /** The code of an invitation link, where sign-up needs one. */
  invitation: z.string().max(200).optional(),
})
export const signInInput = z.object({ email, password: givenPassword })
export const userOutput = z.object({ user: self })
export const done = z.object({ ok: z.literal(true) })

export const changePasswordInput = z.object({
  currentPassword: givenPassword,
  newPassword,
})

export const session = z.object({
  id,
  current: z.boolean(),
  createdAt: isoTime,
  lastSeenAt: isoTime,
  expiresAt: isoTime,
  userAgent: z.string().nullable(),
  address: z.string().nullable(),
})
export const sessionsOutput = z.object({ sessions: z.array(session) })
export const revokeSessionInput = z.object({ sessionId: id })

export const revokedOutput = z.object({ revoked: z.number().int() })

export const token = z.object({
  id,
  name: z.string(),
  createdAt: isoTime,
  lastUsedAt: isoTime.nullable(),
  expiresAt: isoTime.nullable(),
})
export const tokenName = storable(z.string().trim().min(1).max(80))
export const createTokenInput = z.object({
  name: tokenName,
  /** Days until it ends; null never ends. */
  days: z.number().int().min(1).max(3_650).nullable().default(null),
})
/** The secret is shown this once; only a hash is kept. */
export const createdTokenOutput = z.object({ token, secret: z.string() })
export const tokensOutput = z.object({ tokens: z.array(token) })
export const revokeTokenInput = z.object({ tokenId: id })

export type ChangePasswordInput = z.infer<typeof changePasswordInput>
export type Token = z.infer<typeof token>
export type CreateTokenInput = z.infer<typeof createTokenInput>
export type Session = z.infer<typeof session>
export type SignUpInput = z.infer<typeof signUpInput>
export type SignInInput = z.infer<typeof signInInput>
