import type { Fault } from '../fault.ts'
import { frozen } from './frozen.ts'
import { killInstance } from './kill-instance.ts'
import { linksCut } from './links-cut.ts'
import { natsGone } from './nats-gone.ts'
import { postgresGone } from './postgres-gone.ts'
import { replyCut } from './reply-cut.ts'
import { somebodyRemoved } from './somebody-removed.ts'

/** In the order of the table in docs/reliability.md. */
export const faults: readonly Fault[] = [
  killInstance,
  natsGone,
  postgresGone,
  frozen,
  linksCut,
  replyCut,
  somebodyRemoved,
]
