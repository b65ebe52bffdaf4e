import type { AppLoadContext } from '@remix-run/server-runtime'
import { FieldError, textOf } from '~/lib/form-result.ts'
import { strings } from '~/lib/strings.ts'
import { findByHandle } from './find-by-handle.ts'
import { pickedField, typedField } from './picker-fields.ts'

/**
 * The ids of everyone whom a people picker chose, and of those whose handles were typed into it: before JavaScript
 * is there, typing is all there is.
 * @throws FieldError when nobody here is called so.
 */
export async function chosenPeople(api: AppLoadContext['api'], form: FormData): Promise<string[]> {
  const picked = form.getAll(pickedField).filter((value) => typeof value === 'string')
  const handles = textOf(form, typedField)
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
  const found = await Promise.all(
    handles.map(async (handle) => ({ handle, person: await findByHandle(api, handle) })),
  )
  const unknown = found.filter(({ person }) => !person).map(({ handle }) => handle)
  if (unknown.length > 0) throw new FieldError({ people: strings.people.picker.unknown(unknown) })
  const typed = found.flatMap(({ person }) => (person ? [person.id] : []))
  return [...new Set([...picked, ...typed])]
}
