import type { TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { Router } from '../contract.ts'
import { skeinErrorOf } from '../skein-error.ts'

/** Whatever goes wrong behind it comes out as a SkeinError. */
export const errorLink: TRPCLink<Router> = () => {
  return ({ next, op }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        error: (error) => observer.error(skeinErrorOf(error)),
        complete: () => observer.complete(),
      }),
    )
}
