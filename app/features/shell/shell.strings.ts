import type { ShortcutName } from '~/lib/shortcuts.ts'
import { plural } from '~/lib/plural.ts'

export const shellStrings = {
  product: 'Skein',
  close: 'Close',
  skipToContent: 'Skip to the conversation',
  sidebar: 'Threads and people',
  userMenu: (name: string) => `Your account, ${name}`,
  profile: 'Profile',
  account: 'Account and sessions',
  server: 'Server settings',
  signOut: 'Sign out',
  theme: 'Appearance',
  themes: { system: 'As the device', light: 'Light', dark: 'Dark' },
  showShortcuts: 'Keyboard shortcuts',
  shortcuts: {
    title: 'Keyboard shortcuts',
    names: {
      previousThread: 'Previous thread',
      nextThread: 'Next thread',
      previousUnread: 'Previous unread thread',
      nextUnread: 'Next unread thread',
      markRead: 'Mark this thread as read',
      nextRegion: 'Next part of the page',
      previousRegion: 'Previous part of the page',
      bold: 'Bold',
      italic: 'Italic',
      code: 'Code',
      editLast: 'Edit my last message, from an empty message field',
      newLine: 'New line in a message',
      showShortcuts: 'Show these shortcuts',
    } satisfies Record<ShortcutName, string>,
  },
  connection: {
    lost: 'No connection to the server.',
    offline: 'You are offline. What you write is kept and goes out when you are back.',
    nextTry: (seconds: number) =>
      seconds <= 0
        ? 'Trying now…'
        : `Next try in ${plural(seconds, { one: 'second', other: 'seconds' })}.`,
    retry: 'Retry now',
    catchingUp: 'The connection is back. Fetching what you missed…',
    refused: (why: string) => `The server no longer lets this page in: ${why}`,
    reload: 'Reload the page',
  },
  errors: {
    notFoundTitle: 'Nothing here',
    notFoundText:
      'This page does not exist, or it is not open to you. Ask the person who gave you the link.',
    brokenTitle: 'That did not work',
    brokenText: 'Something went wrong on our side. Nothing you sent before is lost. Try once more.',
    forbiddenTitle: 'Not for you',
    forbiddenText: 'You may not open this page. Ask an owner of this server.',
    busyTitle: 'Too much at once',
    busyText: 'The server asks for a short pause. Try again in a moment.',
    unreachableTitle: 'No answer',
    unreachableText:
      'The server could not be reached. Check your connection; what you wrote is kept on this device.',
    reference: (id: string) => `Reference: ${id}`,
    home: 'Back to the threads',
    retry: 'Try again',
  },
}
