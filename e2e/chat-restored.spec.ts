import pg from 'pg'
import type { Message } from '../server/features/messages/messages.schema.ts'
import { expect, isLive, say, startThread, test, texts, write } from './fixtures.ts'

test('a page that is open while the server is restored from a backup shows what is there now, and goes on', async ({
  arrive,
  cluster,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'restored', [ben])
  const [kept] = await say(ada, thread, 'in the backup')
  if (!kept) throw new Error('Nothing was said.')
  await Promise.all([ada.open(thread), ben.open(thread)])
  await write(ada.page, 'after the backup')
  await expect(texts(ben.page)).toHaveText(['in the backup', 'after the backup'])
  await ben.page.evaluate(() => Object.assign(window, { same: true }))

  for (const { complaints } of [ada, ben]) {
    complaints.expected.push(/net::ERR_|WebSocket connection to|status of 503/)
  }
  for (const instance of cluster.instances) await instance.kill()
  try {
    await restore(cluster.databaseUrl, kept)
  } finally {
    for (const instance of cluster.instances) await instance.start()
  }
  // Whoever looks again does not wait for the next try.
  for (const { page } of [ada, ben]) {
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await expect(texts(page)).toHaveText(['in the backup'])
    await isLive(page)
  }
  // It gets the number of the message that is gone, and is not mistaken for it.
  await write(ada.page, 'said anew')
  await expect(texts(ben.page)).toHaveText(['in the backup', 'said anew'])
  await expect(texts(ada.page)).toHaveText(['in the backup', 'said anew'])
  expect(await ben.page.evaluate(() => 'same' in window)).toBe(true)
})

/** Makes the thread what it was when this message was its newest one, under a new epoch, as a restore does. */
async function restore(url: string, { seq, threadId }: Message): Promise<void> {
  const database = new pg.Client({ connectionString: url })
  await database.connect()
  try {
    const newer = [threadId, seq]
    await database.query('delete from messages where thread_id = $1 and seq > $2', newer)
    await database.query('delete from events where stream_id = $1 and seq > $2', newer)
    await database.query('update streams set head = $2 where id = $1', newer)
    await database.query('update server set epoch = gen_random_uuid()')
  } finally {
    await database.end()
  }
}
