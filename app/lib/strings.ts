import { accountStrings } from '~/features/accounts/accounts.strings.ts'
import { messageStrings } from '~/features/messages/messages.strings.ts'
import { peopleStrings } from '~/features/people/people.strings.ts'
import { presenceStrings } from '~/features/presence/presence.strings.ts'
import { serverStrings } from '~/features/server/server.strings.ts'
import { shellStrings } from '~/features/shell/shell.strings.ts'
import { placeStrings } from '~/features/threads/places.strings.ts'
import { threadStrings } from '~/features/threads/threads.strings.ts'
import { formStrings } from './forms.strings.ts'

/**
 * Every word that the app shows, one catalogue per feature. A sentence with a number or a name in it is a
 * function, so that a language can put them where it needs them.
 */
export const strings = {
  shell: shellStrings,
  threads: threadStrings,
  messages: messageStrings,
  presence: presenceStrings,
  places: placeStrings,
  people: peopleStrings,
  accounts: accountStrings,
  server: serverStrings,
  forms: formStrings,
}
