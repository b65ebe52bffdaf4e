import type { AppLoadContext } from '@remix-run/server-runtime'
import type { Person } from '../../../server/features/people/people.schema.ts'

type Api = AppLoadContext['api']

/** Who is called by exactly this handle, with or without its `@`; undefined when nobody is. */
export async function findByHandle(api: Api, handle: string): Promise<Person | undefined> {
  const wanted = handle.trim().replace(/^@/, '').toLowerCase()
  if (wanted === '') return undefined
  const { people } = await api.people.search({ query: wanted, limit: 100, deactivated: true })
  return people.find((person) => person.handle === wanted)
}
