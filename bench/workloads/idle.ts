/**
 * Row 5: what an idle, subscribed connection costs in memory. On fresh instances: some connections come and go, so that
 * code is loaded and compiled; a full collection; resident memory; the connections; some seconds of rest; resident
 * memory; a full collection; resident memory and heap again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openInspector } from '../ground/inspector.ts'
import { residentBytes } from '../ground/process-usage.ts'
import { world, type Target } from '../targets/target.ts'
import { closeFleet, openFleet, openStage, refuseLosses, type Stage } from './stage.ts'

export interface IdleResult {
  connections: number
  /** KiB of resident memory per connection: as it stands, and after a collection. */
  resident: number
  collected: number
  /** KiB of JavaScript heap per connection after a collection. */
  heap: number
}

const warmUpConnections = 200

export async function idle(
  target: Target,
  { connections, restMs }: { connections: number; restMs: number },
): Promise<IdleResult> {
  await using opened = new AsyncDisposableStack()
  const stage = await openStage(opened, target, { nodeFlags: ['--inspect=127.0.0.1:0'] })
  const person = (subscriber: number) => subscriber % world.people
  const threads = () => [world.largeThread]
  const warm = await openFleet(opened, stage, { size: warmUpConnections, person, threads })
  closeFleet(warm)
  await sleep(1_000)
  const collect = await openCollector(opened, stage)
  const emptyHeap = await collect()
  await sleep(500)
  const empty = await residentBytes(stage.pids)
  const fleet = await openFleet(opened, stage, { size: connections, person, threads })
  await sleep(restMs)
  const resting = await residentBytes(stage.pids)
  const heap = await collect()
  await sleep(500)
  const collected = await residentBytes(stage.pids)
  refuseLosses(stage, fleet)
  const perConnection = (bytes: number) => bytes / connections / 1_024
  return {
    connections,
    resident: perConnection(resting - empty),
    collected: perConnection(collected - empty),
    heap: perConnection(heap - emptyHeap),
  }
}

/** @returns collects garbage in all instances and gives the heap that is left. */
async function openCollector(
  opened: AsyncDisposableStack,
  { instances }: Stage,
): Promise<() => Promise<number>> {
  const inspectors = await Promise.all(
    instances.map(async (instance) => openInspector(await instance.process.inspectorUrl)),
  )
  opened.defer(() => {
    for (const inspector of inspectors) inspector.close()
  })
  return async () => {
    const heaps = await Promise.all(inspectors.map((inspector) => inspector.collectGarbage()))
    return heaps.reduce((sum, heap) => sum + heap, 0)
  }
}
