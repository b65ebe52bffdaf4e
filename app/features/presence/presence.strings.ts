export const presenceStrings = {
  states: { online: 'Online', away: 'Away', offline: 'Offline' },
  somebody: 'Somebody',
  typing: (names: readonly string[]) => {
    const [first, second] = names
    if (names.length === 1) return `${first} is typing…`
    if (names.length === 2) return `${first} and ${second} are typing…`
    return names.length === 0 ? '' : 'Several people are typing…'
  },
}
