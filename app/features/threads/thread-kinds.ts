import type { ThreadKind } from '../../../server/features/threads/threads.schema.ts'

export const threadKinds: readonly ThreadKind[] = ['open', 'private', 'direct']
