import { messageStrings } from '~/features/messages/messages.strings.ts'
import { presenceStrings } from '~/features/presence/presence.strings.ts'
import { shellStrings } from '~/features/shell/shell.strings.ts'
import { threadStrings } from '~/features/threads/threads.strings.ts'

/**
 * Every word that the app shows, one catalogue per feature. A sentence with a number or a name in it is a
 * function, so that a language can put them where it needs them.
 */
export const strings = {
  shell: shellStrings,
  threads: threadStrings,
  messages: messageStrings,
  presence: presenceStrings,
}
