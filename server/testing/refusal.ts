import { TRPCError } from '@trpc/server'
import { AppError, type Reason } from '../errors.ts'

/** The reason for which a call is refused; `null` when it is not. Any other failure is thrown on. */
export async function refusalOf(call: Promise<unknown>): Promise<Reason | 'INPUT_INVALID' | null> {
  try {
    await call
    return null
  } catch (error) {
    if (error instanceof TRPCError && error.cause instanceof AppError) return error.cause.reason
    if (error instanceof TRPCError && error.code === 'BAD_REQUEST') return 'INPUT_INVALID'
    throw error
  }
}
