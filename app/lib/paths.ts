/** Every address that a page links to, in one place. */
export const paths = {
  home: '/',
  signIn: (to?: string) => (to ? `/sign-in?to=${encodeURIComponent(to)}` : '/sign-in'),
  signUp: (to?: string) => (to ? `/sign-up?to=${encodeURIComponent(to)}` : '/sign-up'),
  signOut: '/sign-out',
  threads: '/threads',
  newThread: '/threads/new',
  browse: '/threads/browse',
  archived: '/threads/archived',
  thread: (threadId: string) => `/threads/${threadId}`,
  /** A message in its context. */
  message: (threadId: string, messageId: string) => `/threads/${threadId}?message=${messageId}`,
  threadDetails: (threadId: string) => `/threads/${threadId}/details`,
  people: '/people',
  person: (personId: string) => `/people/${personId}`,
  account: '/account',
  profile: '/account/profile',
  tokens: '/account/tokens',
  server: '/server',
  theme: '/theme',
}
