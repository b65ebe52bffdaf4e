import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTempFolder } from '../../server/testing/temp-folder.ts'
import { fileStore } from './file-store.ts'

let folder: Awaited<ReturnType<typeof makeTempFolder>>

beforeAll(async () => {
  folder = await makeTempFolder()
})
afterAll(async () => {
  await folder.remove()
})

test('what was saved last is loaded, by another process too, and nothing else is left in the folder', async () => {
  const path = join(folder.path, 'position.json')
  const store = fileStore(path)
  expect(await store.load()).toBeUndefined()
  const position = { cursor: 'c', heads: { a: 1 }, away: {} }
  await store.save(position)
  expect(await fileStore(path).load()).toEqual(position)
  expect(await readdir(folder.path)).toEqual(['position.json'])
})

test('saves follow one another, however many are asked for at once', async () => {
  const store = fileStore<number>(join(folder.path, 'count.json'))
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.save(i)))
  expect(await store.load()).toBe(19)
})

test('a file that was torn is an error, not a beginning', async () => {
  const path = join(folder.path, 'torn.json')
  await writeFile(path, '{"cursor":"a')
  await expect(fileStore(path).load()).rejects.toThrow(SyntaxError)
})

test('a save that fails says so, and the next one is tried', async () => {
  const store = fileStore<number>(join(folder.path, 'missing', 'count.json'))
  await expect(store.save(1)).rejects.toThrow(/ENOENT/)
  await expect(store.save(2)).rejects.toThrow(/ENOENT/)
})
