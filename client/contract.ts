/**
 * What the server can be asked and what it announces, as types alone. Inside the repository they are the server's own;
 * the published package carries them written out (scripts/build-client.ts), so that nothing of the server is in it.
 */
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { Reason as ServerReason } from '../server/errors.ts'
import type { EventType, LogEvent, LogEventOf } from '../server/events.ts'
import type { AppRouter } from '../server/router.ts'

export type { Message } from '../server/features/messages/messages.schema.ts'
export type { Author, Person, Self } from '../server/features/people/people.schema.ts'
export type { Hint } from '../server/features/presence/presence.schema.ts'
export type { MyThread, Participant, Thread } from '../server/features/threads/threads.schema.ts'
export type { EventType, ServerReason }

/** Every procedure, for tRPC's own tools: `createTRPCContext<Router>()`. */
export type Router = AppRouter
/** What a procedure takes: `Inputs['messages']['send']`. */
export type Inputs = inferRouterInputs<AppRouter>
/** What a procedure answers: `Outputs['messages']['send']`. */
export type Outputs = inferRouterOutputs<AppRouter>
/** One fact of the log: a discriminated union on `type`. */
export type SkeinEvent = LogEvent
/** The facts of one type: `EventOf<'message.posted'>`. */
export type EventOf<Type extends EventType> = LogEventOf<Type>
