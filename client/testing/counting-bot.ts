/**
 * Counts the words of what is said, and writes down every message that it counted: a process to be killed at any
 * moment. Arguments: url, token, file, milliseconds of work for each message.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Position } from '../index.ts'
import { fileStore } from '../node.ts'

interface Counted {
  position: Position
  words: Record<string, number>
  messages: string[]
}

const [url = '', token = '', path = '', workMs = '0'] = process.argv.slice(2)
const file = fileStore<Counted>(path)
const saved = await file.load()
let state = { words: saved?.words ?? {}, messages: saved?.messages ?? [] }

await createClient({ url, token }).follow({
  cursor: saved?.position ?? 'now',
  batch: 5,
  async onEvents(events) {
    const words = { ...state.words }
    const messages = [...state.messages]
    for (const event of events) {
      if (event.type !== 'message.posted') continue
      process.stdout.write('working\n')
      await sleep(Number(workMs))
      const { text } = event.payload.message
      for (const word of text.split(' ')) words[word] = (words[word] ?? 0) + 1
      messages.push(text)
    }
    return { words, messages }
  },
  async commit(position, effects = state) {
    await file.save({ position, ...effects })
    state = effects
    process.stdout.write('kept\n')
  },
}).done
