import ts from 'typescript'
import { TypePrinter } from './print-type.ts'

/** In `client/contract.ts`, but made of others there. */
const composed = new Set(['Router', 'Inputs', 'Outputs', 'SkeinEvent', 'EventOf', 'EventType'])

/**
 * The text of contract.d.ts as it is published: `client/contract.ts` with every type of the server written out. What
 * the router is made of inside (its context, its middleware) is not in it.
 *
 * @throws Error when something in it is not plain data
 */
export function writeContract(program: ts.Program, contract: ts.SourceFile): string {
  const checker = program.getTypeChecker()
  const printer = new TypePrinter(checker)
  const module = checker.getSymbolAtLocation(contract)
  if (!module) throw new Error(`${contract.fileName} is no module`)
  const types = new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      return [symbol.name, checker.getDeclaredTypeOfSymbol(target)] as const
    }),
  )
  const typeNamed = (name: string): ts.Type => {
    const type = types.get(name)
    if (!type) throw new Error(`client/contract.ts has no ${name}`)
    return type
  }
  // The small ones first, so that the larger ones are written with their names.
  const dtos = [...types.keys()]
    .filter((name) => !composed.has(name))
    .map((name) => ({ name, size: new TypePrinter(checker).print(typeNamed(name), name).length }))
    .sort((a, b) => a.size - b.size)
    .map(({ name }) => printer.name(name, typeNamed(name)))
  const router = new RouterPrinter(checker, printer)
  return [
    ...imports,
    ...dtos,
    ...writeEvents(checker, printer, typeNamed('SkeinEvent')),
    router.write(typeNamed('Router')),
    ...inferred,
    '',
  ].join('\n')
}

const imports = [
  "import type { inferRouterInputs, inferRouterOutputs, TrackedEnvelope, TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure, TRPCSubscriptionProcedure } from '@trpc/server';",
]
const inferred = [
  "/** What a procedure takes: `Inputs['messages']['send']`. */",
  'export type Inputs = inferRouterInputs<Router>;',
  "/** What a procedure answers: `Outputs['messages']['send']`. */",
  'export type Outputs = inferRouterOutputs<Router>;',
]

function writeEvents(checker: ts.TypeChecker, printer: TypePrinter, union: ts.Type): string[] {
  if (!union.isUnion()) throw new Error('SkeinEvent is no union')
  const property = (type: ts.Type, name: string): ts.Type => {
    const symbol = type.getProperty(name)
    if (!symbol) throw new Error(`an event has no ${name}`)
    return checker.getTypeOfSymbol(symbol)
  }
  const payloads = union.types.map((event) => {
    const type = printer.print(property(event, 'type'), 'type')
    return `${type}: ${printer.print(property(event, 'payload'), type)};`
  })
  const common = union.types.map((event) =>
    ['stream', 'seq', 'version', 'at', 'actorId'].map(
      (name) => `${name}: ${printer.print(property(event, name), name)};`,
    ),
  )
  return [
    'interface EventPayloads {',
    ...payloads,
    '}',
    'export type EventType = keyof EventPayloads;',
    "/** The facts of one type: `EventOf<'message.posted'>`. */",
    'export type EventOf<Type extends EventType> = { [Each in Type]: {',
    '/** stream: id of a thread, a person or the server. seq: gap-free within it. at: ISO 8601, UTC. */',
    'type: Each;',
    ...(common[0] ?? []),
    'payload: EventPayloads[Each];',
    '} }[Type];',
    '/** One fact of the log: a discriminated union on `type`. */',
    'export type SkeinEvent = EventOf<EventType>;',
  ]
}

class RouterPrinter {
  readonly #checker: ts.TypeChecker
  readonly #printer: TypePrinter

  constructor(checker: ts.TypeChecker, printer: TypePrinter) {
    this.#checker = checker
    this.#printer = printer
  }

  write(router: ts.Type): string {
    const errorShape = this.#at(router, '_def', '_config', '$types', 'errorShape')
    return [
      '/** What an error carries over the wire. */',
      `interface ErrorShape ${this.#printer.print(errorShape, 'errorShape')}`,
      "/** Every procedure, for tRPC's own tools: `createTRPCContext<Router>()`. */",
      'export type Router = TRPCBuiltRouter<{ ctx: object; meta: object; errorShape: ErrorShape; transformer: false }, ',
      `${this.#record(this.#at(router, '_def', 'record'), 'router')}>;`,
    ].join('\n')
  }

  #record(record: ts.Type, place: string): string {
    const entries = record.getProperties().map((symbol) => {
      const type = this.#checker.getTypeOfSymbol(symbol)
      const path = `${place}.${symbol.name}`
      const isProcedure = type.getProperty('_def') !== undefined
      return `${symbol.name}: ${isProcedure ? this.#procedure(type, path) : this.#record(type, path)};`
    })
    return `{\n${entries.join('\n')}\n}`
  }

  #procedure(type: ts.Type, path: string): string {
    const kind = this.#at(type, '_def', 'type')
    const input = this.#printer.print(this.#at(type, '_def', '$types', 'input'), `${path} input`)
    const output = this.#at(type, '_def', '$types', 'output')
    const name = kind.isStringLiteral() ? kind.value : 'query'
    const text =
      name === 'subscription' ? this.#items(output, path) : this.#printer.print(output, path)
    const procedure = `TRPC${name.charAt(0).toUpperCase()}${name.slice(1)}Procedure`
    return `${procedure}<{ input: ${input}; output: ${text}; meta: object }>`
  }

  /** What a subscription gives, one after the other. */
  #items(output: ts.Type, path: string): string {
    const checker = this.#checker
    const method = checker
      .getPropertiesOfType(output)
      .find(({ escapedName }) => escapedName.toString().startsWith('__@asyncIterator'))
    const iterator = method && checker.getTypeOfSymbol(method).getCallSignatures()[0]
    const [item] = iterator
      ? checker.getTypeArguments(iterator.getReturnType() as ts.TypeReference)
      : []
    if (!item) throw new Error(`${path} gives no items`)
    // tRPC's tracked envelope: [id, data, mark].
    const [, data] = checker.isTupleType(item)
      ? checker.getTypeArguments(item as ts.TypeReference)
      : []
    if (!data) return `AsyncIterable<${this.#printer.print(item, path)}>`
    const fields = data.getProperties().map((symbol) => {
      // Not written out once more: the union of all events.
      const isEvents = symbol.name === 'events'
      const type = checker.getTypeOfSymbol(symbol)
      return `${symbol.name}: ${isEvents ? 'SkeinEvent[]' : this.#printer.print(type, path)};`
    })
    return `AsyncIterable<TrackedEnvelope<{ ${fields.join(' ')} }>>`
  }

  #at(type: ts.Type, ...names: string[]): ts.Type {
    return names.reduce((at, name) => {
      const symbol = this.#checker.getPropertyOfType(at, name)
      if (!symbol) throw new Error(`there is no ${names.join('.')} (${name})`)
      return this.#checker.getTypeOfSymbol(symbol)
    }, type)
  }
}
