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

export type Outcome = { ok: true; data: unknown } | { ok: false; error: TRPCError }
type Parse = (value: unknown) => unknown
type Resolve = (options: ProcedureCall) => unknown
/** A middleware of ours: who may call, how often, in what time. */
type Guard = (
  options: ProcedureCall & {
    meta: unknown
    getRawInput: () => Promise<unknown>
    batchIndex: number
    next: (options?: { ctx?: Partial<Context> }) => Promise<Outcome>
  },
) => Promise<Outcome>

/** A procedure as it is run: its guards around each other, the checks of input, the resolver, the check of output. */
interface Plan {
  type: ProcedureCall['type']
  meta: unknown
  guards: readonly Guard[]
  inputs: readonly Parse[]
  resolve: Resolve
  output: Parse | null
}

/** What tRPC keeps of a procedure; its types tell only a part of it. */
interface Definition {
  type: ProcedureCall['type']
  meta: unknown
  inputs: readonly Parser[]
  output?: Parser
  resolver: Resolve
  middlewares: readonly (Guard & { _type?: 'input' | 'output' })[]
}
type Parser = Parse | { parse: Parse; parseAsync?: Parse }

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: Definition }>
const plans = new Map(
  Object.entries(procedures).map(([path, { _def }]) => [path, planOf(_def)] as const),
)

/** @throws Error for a procedure whose guards come after its input */
function planOf({ type, meta, inputs, output, resolver, middlewares }: Definition): Plan {
  const checks = inputs.length + (output ? 1 : 0)
  const guards = middlewares.slice(0, middlewares.length - checks - 1)
  if (guards.some(({ _type }) => _type !== undefined))
    throw new Error('a procedure asks who may call before it looks at what they say')
  return {
    type,
    meta,
    guards,
    inputs: inputs.map(parseWith),
    resolve: resolver,
    output: output ? parseWith(output) : null,
  }
}

function parseWith(parser: Parser): Parse {
  if (typeof parser === 'function') return parser
  return (parser.parseAsync ?? parser.parse).bind(parser)
}

/**
 * Runs a procedure as `callTRPCProcedure` does, but flat. tRPC makes a promise, a closure and two copies of all options,
 * property by property, for each of a procedure's steps, which the collector of garbage has to move while many calls wait
 * for their commit: a tenth to a fifth of an instance's CPU under load (docs/decisions/012). Never rejects.
 */
export function runProcedure(call: ProcedureCall): Promise<Outcome> {
  const { path, type } = call
  const known = plans.get(path)
  if (known?.type === type) return runGuarded(0, known, call)
  const message = `No "${type}"-procedure on path "${path}"`
  return Promise.resolve({ ok: false, error: new TRPCError({ code: 'NOT_FOUND', message }) })
}

function runGuarded(place: number, plan: Plan, call: ProcedureCall): Promise<Outcome> {
  const guard = plan.guards[place]
  return guard ? runGuard(guard, place, plan, call) : runChecked(plan, call)
}

/** Not an async function: each that waits for a commit is a good deal more for the collector to move than what it returns. */
function runGuard(guard: Guard, place: number, plan: Plan, call: ProcedureCall): Promise<Outcome> {
  try {
    const { path, type, ctx, signal } = call
    const outcome = guard({
      path,
      type,
      ctx,
      // It is looked at later, by the checks.
      input: undefined,
      signal,
      getRawInput: () => Promise.resolve(call.input),
      batchIndex: 0,
      meta: plan.meta,
      next: (options) => runGuarded(place + 1, plan, withContext(call, options?.ctx)),
    })
    return outcome.catch(failed)
  } catch (cause) {
    return Promise.resolve(failed(cause))
  }
}

/** A guard that says what is so anyway, for the types, changes nothing. */
function withContext(call: ProcedureCall, more: Partial<Context> | undefined): ProcedureCall {
  if (!more) return call
  const changes = (Object.keys(more) as (keyof typeof more)[]).some(
    (name) => call.ctx[name] !== more[name],
  )
  return changes ? { ...call, ctx: { ...call.ctx, ...more } } : call
}

async function runChecked(plan: Plan, call: ProcedureCall): Promise<Outcome> {
  try {
    let input: unknown
    for (const parse of plan.inputs) {
      let parsed: unknown
      try {
        parsed = parse(call.input)
        if (parsed instanceof Promise) parsed = await parsed
      } catch (cause) {
        throw new TRPCError({ code: 'BAD_REQUEST', cause })
      }
      input = isObject(input) && isObject(parsed) ? { ...input, ...parsed } : parsed
    }
    let data = await plan.resolve({ ...call, input })
    if (plan.output)
      try {
        data = plan.output(data)
        if (data instanceof Promise) data = await (data as Promise<unknown>)
      } catch (cause) {
        const message = 'Output validation failed'
        throw new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message, cause })
      }
    return { ok: true, data }
  } catch (cause) {
    return failed(cause)
  }
}

function failed(cause: unknown): Outcome {
  return { ok: false, error: getTRPCErrorFromUnknown(cause) }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
