import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { until } from '../../server/testing/log-fixture.ts'
import { makeTempFolder } from '../../server/testing/temp-folder.ts'
import { openClientFixture } from '../testing/client-fixture.ts'

const bot = fileURLToPath(new URL('../testing/counting-bot.ts', import.meta.url))

interface Counted {
  words: Record<string, number>
  messages: string[]
}

test('a bot that is killed while it works, again and again, counts every word once', async () => {
  const fixture = await openClientFixture()
  const folder = await makeTempFolder()
  const path = join(folder.path, 'words.json')
  const { servers, token } = fixture
  const start = (place: number, workMs: number) => {
    const url = servers[place % 2]?.url ?? ''
    const child = spawn(process.execPath, [bot, url, token, path, String(workMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    return { child, said: () => said }
  }
  const read = async () => JSON.parse(await readFile(path, 'utf8')) as Counted

  const texts: string[] = []
  const say = async () => {
    const text = `goose number-${texts.length} goose`
    texts.push(text)
    await fixture.say(text)
  }
  try {
    let cutShort = 0
    for (let round = 0; round < 6; round++) {
      const { child, said } = start(round, 15)
      await until(() => said().includes('kept') || round > 0, 10_000, 'the bot follows')
      for (let i = 0; i < 8; i++) await say()
      // Each time at another moment: while it reads, works, or writes.
      await until(() => said().includes('working'), 10_000, 'the bot works')
      await sleep(round * 13)
      if (said().lastIndexOf('working') > said().lastIndexOf('kept')) cutShort++
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    expect(cutShort).toBeGreaterThan(0)

    const last = start(1, 0)
    await say()
    for (let all = false; !all; await sleep(20))
      all = (await read()).messages.includes(texts.at(-1) ?? '')
    last.child.kill('SIGKILL')
    await once(last.child, 'close')
    const { words, messages } = await read()
    expect(messages).toEqual(texts)
    expect(words['goose']).toBe(2 * texts.length)
  } finally {
    await fixture.close()
    await folder.remove()
  }
}, 60_000)
