import { Ledger } from '../generator/ledger.ts'
import type { Connection } from '../generator/connection.ts'
import type { Instance, Target } from '../targets/target.ts'
import { inBatches } from './in-batches.ts'

/** A target that is running, with what was sent to it and seen of it. */
export interface Stage {
  target: Target
  instances: Instance[]
  pids: number[]
  ledger: Ledger
}

/** Starts the instances one after the other: the first one may have to migrate. */
export async function openStage(
  opened: AsyncDisposableStack,
  target: Target,
  options: { instances?: number; nodeFlags?: readonly string[] } = {},
): Promise<Stage> {
  const { instances: count = 2, nodeFlags = [] } = options
  const instances: Instance[] = []
  for (let n = 0; n < count; n++) {
    const instance = await target.startInstance(nodeFlags)
    opened.defer(() => instance.process.stop())
    instances.push(instance)
  }
  const pids = instances.map((instance) => instance.process.pid)
  return { target, instances, pids, ledger: new Ledger() }
}

export interface FleetOptions {
  size: number
  person: (subscriber: number) => number
  /** What a subscriber follows; none is a connection that only asks and sends. */
  threads: (subscriber: number) => readonly number[]
  instance?: (subscriber: number) => number
  keepsPosition?: boolean
}

const openedAtOnce = 50

/** Opens connections, spread over the instances in turn, and follows. */
export async function openFleet(
  opened: AsyncDisposableStack,
  stage: Stage,
  options: FleetOptions,
): Promise<Connection[]> {
  const { size, person, threads, keepsPosition = false } = options
  const { instances, target, ledger } = stage
  const place = options.instance ?? ((subscriber: number) => subscriber % instances.length)
  const fleet = Array.from({ length: size }, (_, subscriber) => {
    const instance = instances[place(subscriber)]
    if (!instance) throw new Error('there is no such instance')
    return target.connect(instance, person(subscriber), { ledger, subscriber, keepsPosition })
  })
  opened.defer(() => closeFleet(fleet))
  await inBatches(fleet, openedAtOnce, async (connection, subscriber) => {
    await connection.open()
    const followed = threads(subscriber)
    if (followed.length > 0) await connection.follow(followed)
  })
  return fleet
}

export function closeFleet(fleet: readonly Connection[]): void {
  for (const connection of fleet) connection.close()
}

/** @throws Error when a server cut a connection of the fleet: figures of half a fleet would look too good. */
export function refuseLosses(stage: Stage, fleet: readonly Connection[]): void {
  const lost = fleet.filter((connection) => connection.lost !== null)
  if (lost.length > 0)
    throw new Error(
      `${stage.target.name} cut ${lost.length} of ${fleet.length} connections: ${lost[0]?.lost?.message ?? ''}`,
    )
}

/** @throws Error when a subscriber lacks a message, had one twice, or had them in another order than their sender's. */
export function refuseDefects({ target, ledger }: Stage): void {
  const { lost, doubled, outOfOrder } = ledger.count()
  if (lost + doubled + outOfOrder > 0)
    throw new Error(`${target.name}: ${lost} lost, ${doubled} doubled, ${outOfOrder} out of order`)
}
