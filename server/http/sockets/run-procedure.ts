import { getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import type { Context } from '../../context.ts'
import { appRouter } from '../../router.ts'

export interface ProcedureCall {
  path: string
  type: 'query' | 'mutation' | 'subscription'
  ctx: Context
  input: unknown
  signal: AbortSignal | undefined
}

/** What a step of a procedure is given: a middleware, the check of input or output, or the resolver. */
interface StepOptions extends Omit<ProcedureCall, 'input'> {
  input: unknown
  getRawInput: () => Promise<unknown>
  batchIndex: number
}
interface NextOptions {
  ctx?: object
  input?: unknown
  getRawInput?: () => Promise<unknown>
}
type StepResult = { ok: true; data: unknown } | { ok: false; error: TRPCError }
type Step = (
  options: StepOptions & { meta: unknown; next: (options?: NextOptions) => Promise<StepResult> },
) => Promise<StepResult | undefined>

/** What tRPC keeps of a procedure; its types tell only a part of it. */
interface Chain {
  type: ProcedureCall['type']
  meta: unknown
  middlewares: readonly Step[]
}

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: Chain }>

/**
 * Runs a procedure as `callTRPCProcedure` does, step by step, but for how the options of a step are copied. tRPC's
 * build does that property by property with descriptors, for engines without object spread, twice a step: a tenth of
 * what a socket's call costs (docs/decisions/012).
 * @throws TRPCError
 */
export async function runProcedure({ input, ...call }: ProcedureCall): Promise<unknown> {
  const { path, type } = call
  const chain = Object.hasOwn(procedures, path) ? procedures[path]?._def : undefined
  if (chain?.type !== type)
    throw new TRPCError({ code: 'NOT_FOUND', message: `No "${type}"-procedure on path "${path}"` })
  const getRawInput = () => Promise.resolve(input)
  const result = await runFrom(0, chain, { ...call, input: undefined, getRawInput, batchIndex: 0 })
  if (!result.ok) throw result.error
  return result.data
}

async function runFrom(place: number, chain: Chain, options: StepOptions): Promise<StepResult> {
  try {
    const result = await chain.middlewares[place]?.({
      ...options,
      meta: chain.meta,
      next: ({ ctx, getRawInput = options.getRawInput, ...next } = {}) =>
        runFrom(place + 1, chain, {
          ...options,
          ctx: ctx ? { ...options.ctx, ...ctx } : options.ctx,
          input: 'input' in next ? next.input : options.input,
          getRawInput,
        }),
    })
    if (!result) throw new Error('a middleware gave no result')
    return result
  } catch (cause) {
    return { ok: false, error: getTRPCErrorFromUnknown(cause) }
  }
}
