import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { nodeFlags } from './node-flags.ts'

/** A process that makes 60 MB of garbage which V8 would keep; says what it had before and has four seconds later. */
function garbage(meanwhile: string): string {
  return `
    import { getHeapStatistics } from 'node:v8'
    import { collectWhenQuiet } from './server/collect-when-quiet.ts'
    const end = collectWhenQuiet({ debug: (_, words) => console.error(words) })
    let kept = Array.from({ length: 600_000 }, (_, i) => ({ i, text: 'a' + i }))
    const full = getHeapStatistics().used_heap_size
    kept = null
    ${meanwhile}
    setTimeout(() => {
      console.log(JSON.stringify({ full, left: getHeapStatistics().used_heap_size }))
      end()
      process.exit()
    }, 4_000)`
}

async function run(flags: readonly string[], code: string) {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', code])
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  const { full, left } = JSON.parse(out) as { full: number; left: number }
  return { full, left, collections: errors.split('collected what was left behind').length - 1 }
}

const busy = `
  setInterval(() => { for (const until = performance.now() + 20; performance.now() < until;); }, 100)`

test('garbage is given back once it is quiet, once', async () => {
  const { full, left, collections } = await run(nodeFlags, garbage(''))
  expect(full).toBeGreaterThan(30e6)
  expect(left).toBeLessThan(full / 3)
  expect(collections).toBe(1)
})

test('not while there is something to do, nor where node does not let us', async () => {
  expect((await run(nodeFlags, garbage(busy))).collections).toBe(0)
  const withoutLeave = nodeFlags.filter((flag) => flag !== '--expose-gc')
  expect((await run(withoutLeave, garbage(''))).collections).toBe(0)
})
