import { beforeEach, expect, vi } from 'vitest'

/** An error on the console that nobody expected fails the test that caused it. */
beforeEach(() => {
  const said: unknown[][] = []
  vi.spyOn(console, 'error').mockImplementation((...words) => said.push(words))
  return () => {
    expect(said, 'nothing is written to console.error').toEqual([])
  }
})
