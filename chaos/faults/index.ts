import type { Fault } from '../fault.ts'
import { frozen } from './frozen.ts'
import { killInstance } from './kill-instance.ts'
import { linksCut } from './links-cut.ts'
import { natsGone } from './nats-gone.ts'
import { postgresGone } from './postgres-gone.ts'
import { replyCut } from './reply-cut.ts'
import { restoredBackup } from './restored-backup.ts'
import { rollingRestart } from './rolling-restart.ts'
import { slowReaders } from './slow-readers.ts'
import { somebodyRemoved } from './somebody-removed.ts'
import { stampede } from './stampede.ts'
import { startOrder } from './start-order.ts'
import { wrongClocks } from './wrong-clocks.ts'

/** In the order of the table in docs/reliability.md. */
export const faults: readonly Fault[] = [
  killInstance,
  natsGone,
  postgresGone,
  frozen,
  rollingRestart,
  stampede,
  slowReaders,
  linksCut,
  wrongClocks,
  replyCut,
  startOrder,
  restoredBackup,
  somebodyRemoved,
]
