/** A small company that builds weather balloons. Ada signed up first, so the server is hers. */
export const handles = ['ada', 'ben', 'cleo', 'dan', 'esra', 'farid', 'gwen', 'hiro'] as const

export interface DemoPerson {
  handle: (typeof handles)[number]
  name: string
  title: string
  timeZone: string
  status?: { text: string; emoji: string }
}

export const people: readonly DemoPerson[] = [
  { handle: 'ada', name: 'Ada Lindqvist', title: 'Founder', timeZone: 'Europe/Stockholm' },
  {
    handle: 'ben',
    name: 'Ben Achterberg',
    title: 'Flight operations',
    timeZone: 'Europe/Amsterdam',
    status: { text: 'On the launch field', emoji: '🎈' },
  },
  {
    handle: 'cleo',
    name: 'Cleo Marchetti',
    title: 'Electronics',
    timeZone: 'Europe/Rome',
  },
  {
    handle: 'dan',
    name: 'Dan Okoye',
    title: 'Firmware',
    timeZone: 'Africa/Lagos',
    status: { text: 'Headphones on', emoji: '🎧' },
  },
  { handle: 'esra', name: 'Esra Yıldız', title: 'Meteorology', timeZone: 'Europe/Istanbul' },
  {
    handle: 'farid',
    name: 'Farid Haddad',
    title: 'Envelopes and workshop',
    timeZone: 'Europe/Stockholm',
  },
  {
    handle: 'gwen',
    name: 'Gwen Parry',
    title: 'Customers, money, tea',
    timeZone: 'Europe/London',
    status: { text: 'Month-end, be gentle', emoji: '🧾' },
  },
  {
    handle: 'hiro',
    name: 'Hiro Tanaka',
    title: 'Radio and ground stations',
    timeZone: 'Asia/Tokyo',
  },
]
