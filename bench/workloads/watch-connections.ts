import { setTimeout as sleep } from 'node:timers/promises'
import type { Ground } from '../ground/ground.ts'

const everyMs = 25

/** Looks, again and again, at how many connections a database has. @returns ends that and gives the most there were. */
export async function watchConnections(
  opened: AsyncDisposableStack,
  ground: Ground,
  databaseName: string,
): Promise<{ stop: () => Promise<number> }> {
  const client = await ground.connect()
  let isOver = false
  let most = 0
  const watching = (async () => {
    while (!isOver) {
      const { rows } = await client.query<{ count: number }>({
        name: 'count',
        text: 'select count(*)::int as count from pg_stat_activity where datname = $1',
        values: [databaseName],
      })
      most = Math.max(most, rows[0]?.count ?? 0)
      await sleep(everyMs)
    }
    await client.end()
  })()
  const stop = async () => {
    isOver = true
    await watching
    return most
  }
  opened.defer(async () => {
    await stop()
  })
  return { stop }
}
