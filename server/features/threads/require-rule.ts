import { canDo, threadRules, type ThreadAction } from '../../../client/thread-rules.ts'
import { AppError } from '../../errors.ts'
import type { ParticipantRole, ThreadKind } from './threads.schema.ts'

/** @throws AppError DIRECT_THREAD_FIXED or NOT_ALLOWED. */
export function requireRule(action: ThreadAction, kind: ThreadKind, role: ParticipantRole): void {
  if (canDo(action, kind, role)) return
  if (threadRules[action][kind] === 'fixed')
    throw new AppError(
      'DIRECT_THREAD_FIXED',
      'A direct thread stays between its people; start a private one instead.',
    )
  throw new AppError('NOT_ALLOWED', 'Your role in this thread does not allow that.')
}
