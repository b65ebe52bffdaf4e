import type { SkeinClient } from '../create-client.ts'
import type { SkeinError } from '../skein-error.ts'
import { isStore, type Following, type FollowOptions } from './follow.ts'

/** Follows with a client. @param told why it ended; null when it begins @returns ends it */
export type Begin = (client: SkeinClient, told: (error: SkeinError | null) => void) => () => void

/**
 * For whoever begins and ends a follow again and again. It goes on where the one before ended, which is waited for;
 * with another client it begins as it did first.
 */
export function resumableFollow<Effects>(options: FollowOptions<Effects>): Begin {
  const { cursor } = options
  let before: { client: SkeinClient; following: Following } | null = null
  return function begin(client, told) {
    let isOver = false
    const follow = async () => {
      await before?.following.stop()
      if (isOver) return
      const goesOn = before?.client === client && !isStore(cursor)
      const position = goesOn ? before?.following.position : null
      const following = client.follow({ ...options, cursor: position ?? cursor })
      before = { client, following }
      await following.done
    }
    told(null)
    follow().catch((error: SkeinError) => {
      if (!isOver) told(error)
    })
    return () => {
      isOver = true
      void before?.following.stop()
    }
  }
}
