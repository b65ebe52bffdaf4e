/** ★ Everything the system can be asked. Names are a contract with clients. */
import { accountsRouter } from './features/accounts/accounts.router.ts'
import { eventsRouter } from './features/events/events.router.ts'
import { messagesRouter } from './features/messages/messages.router.ts'
import { peopleRouter } from './features/people/people.router.ts'
import { presenceRouter } from './features/presence/presence.router.ts'
import { serverRouter } from './features/server/server.router.ts'
import { systemRouter } from './features/server/system.router.ts'
import { threadsRouter } from './features/threads/threads.router.ts'
import { createCallerFactory, router } from './trpc.ts'

export const appRouter = router({
  auth: accountsRouter,
  people: peopleRouter,
  threads: threadsRouter,
  messages: messagesRouter,
  events: eventsRouter,
  hints: presenceRouter,
  server: serverRouter,
  system: systemRouter,
})

export type AppRouter = typeof appRouter

/** Calls procedures in process, as loaders do. */
export const createCaller = createCallerFactory(appRouter)
export type Caller = ReturnType<typeof createCaller>
