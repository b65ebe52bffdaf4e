import { z } from 'zod'

interface JsonSchema {
  type?: string | readonly string[]
  enum?: readonly string[]
  anyOf?: readonly JsonSchema[]
  items?: JsonSchema
  $ref?: string
  properties?: Readonly<Record<string, JsonSchema>>
}

/** Schemas by their names, as one would write them down: where one stands in another, its name stands there. */
export function describeSchemas(
  schemas: Readonly<Record<string, z.ZodType>>,
): Map<string, { field: string; type: string }[]> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const described = z.toJSONSchema(registry, { uri: (id) => id }).schemas as Record<
    string,
    JsonSchema
  >
  return new Map(
    Object.entries(described).map(([name, { properties = {} }]) => [
      name,
      Object.entries(properties).map(([field, schema]) => ({ field, type: typeOf(schema) })),
    ]),
  )
}

/** In TypeScript's words, as the client's types have it. */
function typeOf({ type, enum: values, anyOf, items, $ref }: JsonSchema): string {
  if ($ref !== undefined) return $ref
  if (anyOf) return anyOf.map(typeOf).join(' | ')
  if (values) return values.map((value) => `'${value}'`).join(' | ')
  if (items) return `${typeOf(items)}[]`
  if (typeof type === 'object') return type.map((each) => typeOf({ type: each })).join(' | ')
  if (type === undefined || type === 'object')
    throw new Error('An object within an object needs a name: generate-client-docs.ts gives them.')
  return type === 'integer' ? 'number' : type
}
