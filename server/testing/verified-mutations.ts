import type { TestApp } from './test-app.ts'
import {
  accountMutations,
  hintMutations,
  peopleMutations,
  serverMutations,
} from './verify-account-mutations.ts'
import { messageMutations } from './verify-message-mutations.ts'
import { threadMutations } from './verify-thread-mutations.ts'

/** How it is checked that a mutation announces all that it changes; or why there is nothing to announce. */
export type VerifiedMutation =
  { verify: (app: TestApp) => Promise<void> } | { noSharedFact: string }

/** Every mutation of the router stands here; a test holds the two together. */
export const verifiedMutations: Record<string, VerifiedMutation> = {
  ...accountMutations,
  ...peopleMutations,
  ...threadMutations,
  ...messageMutations,
  ...serverMutations,
  ...hintMutations,
}
