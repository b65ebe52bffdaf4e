/**
 * Row 7: a thousand clients lose their connections at once and resume on the other instance, while somebody goes on
 * sending. A client has caught up when it is subscribed again and has every message that was acknowledged by then.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../generator/connection.ts'
import type { Ground } from '../ground/ground.ts'
import { cpuSeconds } from '../ground/process-usage.ts'
import { world, type Target } from '../targets/target.ts'
import { watchConnections } from './watch-connections.ts'
import { closeFleet, openFleet, openStage, refuseLosses, type Stage } from './stage.ts'
import { within } from './within.ts'

export interface ResumeResult {
  /** From the cut until the last one has caught up. */
  seconds: number
  serverCpu: number
  /** Most connections to the target's database that were seen. */
  postgresConnections: number
  outOfOrder: number
  lost: number
  doubled: number
  deliveries: number
  /** Sent again from the cursor, and dropped by what clients have to drop them by. */
  repeats: number
}

const clients = 1_000
const sendEveryMs = 50
const before = { cutMs: 1_000, countMs: 1_000 }
const patienceMs = 45_000

export async function resume(ground: Ground, target: Target): Promise<ResumeResult> {
  await using opened = new AsyncDisposableStack()
  const stage = await openStage(opened, target)
  const fleet = await openFleet(opened, stage, {
    size: clients,
    person: (subscriber) => subscriber % world.people,
    threads: () => [world.largeThread],
    keepsPosition: true,
  })
  const [from] = await openFleet(opened, stage, { size: 1, person: () => 0, threads: () => [] })
  if (!from) throw new Error('nobody sends')
  const sender = stage.ledger.addSender(fleet.map((_, subscriber) => subscriber))
  const sending = startSending(stage, from, sender)
  await sleep(before.cutMs)

  const connections = await watchConnections(opened, ground, target.databaseName)
  const cpu = await cpuSeconds(stage.pids)
  const cutAt = performance.now()
  closeFleet(fleet)
  const back = fleet.map((connection, subscriber) => {
    const other = stage.instances[(subscriber + 1) % stage.instances.length]
    if (!other) throw new Error('there is no other instance')
    if (connection.position === '') throw new Error('a client knows no place to resume from')
    const { ledger } = stage
    const fresh = target.connect(other, subscriber, { ledger, subscriber, keepsPosition: true })
    return { connection: fresh, position: connection.position, subscriber }
  })
  opened.defer(() => closeFleet(back.map(({ connection }) => connection)))
  const isSubscribed = new Set<number>()
  const opening = comeBack(back, isSubscribed)
  const caughtUp = untilCaughtUp(stage, sender, isSubscribed, sending)
  await within(patienceMs, `coming back to ${target.name}`, Promise.all([opening, caughtUp]))
  const seconds = ((await caughtUp) - cutAt) / 1_000
  const serverCpu = (await cpuSeconds(stage.pids)) - cpu
  const postgresConnections = await connections.stop()

  await sleep(before.countMs)
  await sending.stop()
  await sleep(before.countMs)
  refuseLosses(
    stage,
    back.map(({ connection }) => connection),
  )
  return {
    seconds,
    serverCpu,
    postgresConnections,
    repeats: stage.ledger.repeats,
    ...stage.ledger.count(),
  }
}

interface Sending {
  /** How many were acknowledged. */
  acknowledged: () => number
  stop: () => Promise<void>
}

function startSending(stage: Stage, from: Connection, sender: number): Sending {
  let acknowledged = 0
  let isOver = false
  let failure: Error | null = null
  const posts: Promise<void>[] = []
  const post = async () => {
    const { text } = stage.ledger.post(sender)
    try {
      await from.post(world.largeThread, text)
      acknowledged++
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error))
    }
  }
  const sending = (async () => {
    while (!isOver && !failure) {
      posts.push(post())
      await sleep(sendEveryMs)
    }
    await Promise.all(posts)
  })()
  return {
    acknowledged: () => acknowledged,
    stop: async () => {
      isOver = true
      await sending
      if (failure) throw failure
    },
  }
}

interface Returning {
  connection: Connection
  position: string
  subscriber: number
}

/** All at once, as after a cut. */
async function comeBack(back: readonly Returning[], isSubscribed: Set<number>): Promise<void> {
  await Promise.all(
    back.map(async ({ connection, position, subscriber }) => {
      await connection.open()
      await connection.follow([world.largeThread], position)
      isSubscribed.add(subscriber)
    }),
  )
}

/** @returns when the last one had caught up, as performance.now() says it. */
async function untilCaughtUp(
  { ledger }: Stage,
  sender: number,
  isSubscribed: ReadonlySet<number>,
  sending: Sending,
): Promise<number> {
  const behind = new Set(Array.from({ length: clients }, (_, subscriber) => subscriber))
  while (behind.size > 0) {
    const acknowledged = sending.acknowledged()
    for (const subscriber of behind)
      if (isSubscribed.has(subscriber) && ledger.lacks(subscriber, sender, acknowledged) <= 0)
        behind.delete(subscriber)
    await sleep(5)
  }
  return performance.now()
}
