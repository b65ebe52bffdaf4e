/** What of a key press a shortcut looks at; React's events and the browser's own both have it. */
export interface KeyPress {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
}

export interface Shortcut {
  /** As printed on the keys, to be pressed together. */
  readonly keys: readonly string[]
  readonly matches: (press: KeyPress) => boolean
}

const command = ({ altKey, ctrlKey, metaKey, shiftKey }: KeyPress) =>
  (ctrlKey || metaKey) && !altKey && !shiftKey

function withAlt(arrow: 'ArrowUp' | 'ArrowDown', shift: boolean): Shortcut {
  return {
    keys: ['Alt', ...(shift ? ['Shift'] : []), arrow === 'ArrowUp' ? '↑' : '↓'],
    matches: (press) => press.altKey && press.shiftKey === shift && press.key === arrow,
  }
}

function withCommand(key: string): Shortcut {
  return {
    keys: ['Ctrl', key.toUpperCase()],
    matches: (press) => command(press) && press.key.toLowerCase() === key,
  }
}

/** Every shortcut there is: what binds them and what shows them both read this. */
export const shortcuts = {
  previousThread: withAlt('ArrowUp', false),
  nextThread: withAlt('ArrowDown', false),
  previousUnread: withAlt('ArrowUp', true),
  nextUnread: withAlt('ArrowDown', true),
  markRead: { keys: ['Esc'], matches: ({ key }) => key === 'Escape' },
  nextRegion: { keys: ['F6'], matches: ({ key, shiftKey }) => key === 'F6' && !shiftKey },
  previousRegion: {
    keys: ['Shift', 'F6'],
    matches: ({ key, shiftKey }) => key === 'F6' && shiftKey,
  },
  bold: withCommand('b'),
  italic: withCommand('i'),
  code: withCommand('e'),
  editLast: { keys: ['↑'], matches: ({ key, altKey }) => key === 'ArrowUp' && !altKey },
  newLine: {
    keys: ['Shift', 'Enter'],
    matches: ({ key, shiftKey }) => key === 'Enter' && shiftKey,
  },
  showShortcuts: withCommand('/'),
} as const satisfies Record<string, Shortcut>

export type ShortcutName = keyof typeof shortcuts

/** Which of these a key press is, if any. */
export function findShortcut<Name extends ShortcutName>(
  press: KeyPress,
  names: readonly Name[],
): Name | undefined {
  return names.find((name) => shortcuts[name].matches(press))
}
