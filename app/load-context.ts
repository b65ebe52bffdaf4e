import type { z } from 'zod'
import type { Self } from '../server/features/people/people.schema.ts'
import type { infoOutput } from '../server/features/server/server.schema.ts'
import type { Caller } from '../server/router.ts'

declare module '@remix-run/server-runtime' {
  /** What every loader and action gets from the server: the only way from a page to anything behind it. */
  interface AppLoadContext {
    /** Calls procedures in process, as the person who asked. */
    api: Caller
    /** Who asked; null when nobody is signed in. */
    viewer: Self | null
    /** Signs the scripts and styles of this response. */
    nonce: string
    /** Stands in the server's log beside what happened. */
    requestId: string
    /** What this server is called and allows. */
    info: z.infer<typeof infoOutput>
  }
}
