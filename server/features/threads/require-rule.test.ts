import { describe, expect, test } from 'vitest'
import { canDo, threadRules, type ThreadAction } from '../../../client/thread-rules.ts'
import { AppError } from '../../errors.ts'
import { requireRule } from './require-rule.ts'
import { participantRole, threadKind, type ParticipantRole } from './threads.schema.ts'

/** Written out by hand, cell by cell: who may, and how the others are refused. */
const expected: Record<
  ThreadAction,
  Record<string, ParticipantRole[] | 'DIRECT_THREAD_FIXED' | 'NOT_ALLOWED'>
> = {
  addParticipants: {
    open: ['member', 'moderator', 'owner'],
    private: ['member', 'moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  removeParticipant: {
    open: ['moderator', 'owner'],
    private: ['moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  setRole: {
    open: ['moderator', 'owner'],
    private: ['moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  leave: {
    open: ['guest', 'member', 'moderator', 'owner'],
    private: ['guest', 'member', 'moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  update: {
    open: ['member', 'moderator', 'owner'],
    private: ['moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  archive: {
    open: ['moderator', 'owner'],
    private: ['moderator', 'owner'],
    direct: 'DIRECT_THREAD_FIXED',
  },
  deleteAnyMessage: {
    open: ['moderator', 'owner'],
    private: ['moderator', 'owner'],
    direct: 'NOT_ALLOWED',
  },
}

const cells = (Object.keys(threadRules) as ThreadAction[]).flatMap((action) =>
  threadKind.options.flatMap((kind) =>
    participantRole.options.map((role) => {
      const cell = expected[action][kind] ?? []
      const answer = typeof cell === 'string' ? cell : cell.includes(role) ? 'may' : 'NOT_ALLOWED'
      return { action, kind, role, answer }
    }),
  ),
)

describe('what a role may do in a thread', () => {
  test.each(cells)(
    '$action in a $kind thread as $role: $answer',
    ({ action, kind, role, answer }) => {
      expect(canDo(action, kind, role)).toBe(answer === 'may')
      let refusal: unknown = 'may'
      try {
        requireRule(action, kind, role)
      } catch (error) {
        refusal = error instanceof AppError ? error.reason : error
      }
      expect(refusal).toBe(answer)
    },
  )
})
