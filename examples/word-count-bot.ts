/**
 * Counts the words of everything that is said. Counts and position stand in one file, replaced whole: whenever the
 * process is killed, both are from before a batch or both from after it, so no word is missed and none counted twice.
 *
 *   SKEIN_TOKEN=skein_… node word-count-bot.ts [words.json]
 */
import { createClient, type Position, type SkeinEvent } from '@skein/client'
import { fileStore } from '@skein/client/node'

type Counts = Readonly<Record<string, number>>

const { SKEIN_URL: url = 'http://localhost:3000', SKEIN_TOKEN: token = '' } = process.env
const file = fileStore<{ position: Position; counts: Counts }>(process.argv[2] ?? 'words.json')
const saved = await file.load()
let counts: Counts = saved?.counts ?? {}

await createClient({ url, token }).follow({
  cursor: saved?.position ?? 'now',
  // Makes new counts and changes none: after a failure it is called again with the same events.
  onEvents: (events) => addWords(counts, events),
  async commit(position, next = counts) {
    await file.save({ position, counts: next })
    counts = next
  },
}).done

function addWords(before: Counts, events: readonly SkeinEvent[]): Counts {
  const after: Record<string, number> = { ...before }
  for (const event of events) {
    if (event.type !== 'message.posted') continue
    const words = event.payload.message.text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    for (const word of words) after[word] = (after[word] ?? 0) + 1
  }
  return after
}
