import { z } from 'zod'
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

export type Session = z.infer<typeof session>
export type SignUpInput = z.infer<typeof signUpInput>
export type SignInInput = z.infer<typeof signInInput>
