import type { Fault } from '../fault.ts'
import { frozen } from './frozen.ts'
import { killInstance } from './kill-instance.ts'
import { linksCut } from './links-cut.ts'
import { natsGone } from './nats-gone.ts'
import { poisonedEvents } from './poisoned-events.ts'
import { postgresGone } from './postgres-gone.ts'
import { replyCut } from './reply-cut.ts'
import { restoredBackup } from './restored-backup.ts'
import { rollingRestart } from './rolling-restart.ts'
import { slowReaders } from './slow-readers.ts'
import { somebodyRemoved } from './somebody-removed.ts'
import { stampede } from './stampede.ts'
import { startOrder } from './start-order.ts'
import { wrongClocks } from './wrong-clocks.ts'

/** All of them; in a short run those that take long begin. */
export const faults: readonly Fault[] = [
  postgresGone,
  killInstance,
  natsGone,
  slowReaders,
  linksCut,
  replyCut,
  somebodyRemoved,
  frozen,
  rollingRestart,
  stampede,
  wrongClocks,
  startOrder,
  poisonedEvents,
  restoredBackup,
]
