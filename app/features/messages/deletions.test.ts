import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deletions, undoMs } from './deletions.ts'

describe('deleting a message', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('hides it at once and deletes it after five seconds', async () => {
    const remove = vi.fn(async () => undefined)
    const deletions = new Deletions(remove)
    deletions.start('m1', () => undefined)
    expect([...deletions.hidden.get()]).toEqual(['m1'])
    await vi.advanceTimersByTimeAsync(undoMs - 1)
    expect(remove).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(remove).toHaveBeenCalledExactlyOnceWith('m1')
    expect([...deletions.hidden.get()]).toEqual([])
  })

  it('taken back in time never reaches the server', async () => {
    const remove = vi.fn(async () => undefined)
    const deletions = new Deletions(remove)
    deletions.start('m1', () => undefined)
    deletions.undo('m1')
    await vi.advanceTimersByTimeAsync(undoMs * 2)
    expect(remove).not.toHaveBeenCalled()
    expect([...deletions.hidden.get()]).toEqual([])
  })

  it('happens at once when the page goes away', () => {
    const remove = vi.fn(async () => undefined)
    const deletions = new Deletions(remove)
    deletions.start('m1', () => undefined)
    deletions.flush()
    expect(remove).toHaveBeenCalledExactlyOnceWith('m1')
  })

  it('that the server refuses brings the message back and says why', async () => {
    const why = new Error('no')
    const failed = vi.fn()
    const deletions = new Deletions(async () => Promise.reject(why))
    deletions.start('m1', failed)
    await vi.advanceTimersByTimeAsync(undoMs)
    expect(failed).toHaveBeenCalledExactlyOnceWith(why)
    expect([...deletions.hidden.get()]).toEqual([])
  })
})
