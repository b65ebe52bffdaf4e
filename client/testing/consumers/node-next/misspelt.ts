import type { SkeinEvent } from '@skein/client/types'

export function misspelt(event: SkeinEvent): string {
  return event.type === 'message.posted' ? event.payload.message.txt : ''
}
