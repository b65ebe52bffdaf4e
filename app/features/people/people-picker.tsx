import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Author } from '../../../server/features/people/people.schema.ts'
import { strings } from '~/lib/strings.ts'
import { Avatar } from '~/ui/avatar.tsx'
import { Field } from '~/ui/field.tsx'
import { useHydrated } from '~/ui/use-hydrated.ts'
import { pickedField, typedField } from './picker-fields.ts'
import { usePeopleSearch } from './use-people-search.ts'

export interface PeoplePickerProps {
  label: string
  hint?: string | undefined
  error?: string | undefined
  /** Not offered: they are in already. */
  without: readonly string[]
  /** What was typed, where the form came back. */
  typed?: string | undefined
}

/**
 * Chooses people by name: a combobox with its list, the chosen ones before it. Until JavaScript is there it is a text
 * field for handles, which the server understands as well.
 */
export function PeoplePicker({ label, hint, error, without, typed }: PeoplePickerProps) {
  const text = strings.people.picker
  const interactive = useHydrated()
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<readonly Author[]>([])
  const [query, setQuery] = useState(typed ?? '')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const [said, setSaid] = useState('')
  const found = usePeopleSearch(query.trim(), open)
  const taken = new Set([...without, ...chosen.map(({ id }) => id)])
  const options =
    found.type === 'found' ? found.people.filter((person) => !taken.has(person.id)) : []
  const at = Math.min(active, options.length - 1)
  const listed = open && found.type !== 'idle'

  const choose = (person: Author) => {
    setChosen([...chosen, person])
    setQuery('')
    setActive(0)
    setOpen(false)
    setSaid(text.added(person.name))
    input.current?.focus()
  }
  const takeOut = (person: Author) => {
    setChosen(chosen.filter(({ id }) => id !== person.id))
    setSaid(text.removed(person.name))
    input.current?.focus()
  }
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    const last = chosen.at(-1)
    const option = options[at]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) setOpen(true)
      else if (options.length > 0) {
        const step = event.key === 'ArrowDown' ? 1 : -1
        setActive((at + step + options.length) % options.length)
      }
    } else if (event.key === 'Enter' && listed && option && (query.trim() || active > 0)) {
      event.preventDefault()
      choose(option)
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      setOpen(false)
    } else if (event.key === 'Backspace' && query === '' && last) {
      takeOut(last)
    }
  }

  return (
    <Field label={label} hint={interactive ? hint : text.plainHint} error={error}>
      {(control) => (
        <div className="relative">
          <div
            className={clsx(
              'flex min-h-11 flex-wrap items-center gap-1.5 rounded-md border bg-raised px-2 py-1.5 shadow-lift transition-colors has-[input:focus-visible]:border-accent has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-accent',
              error ? 'border-danger' : 'border-line-strong hover:border-ink-faint',
            )}
          >
            {chosen.map((person) => (
              <Chosen key={person.id} person={person} onRemove={() => takeOut(person)} />
            ))}
            <input
              {...control}
              ref={input}
              name={typedField}
              value={interactive ? query : undefined}
              defaultValue={interactive ? undefined : typed}
              placeholder={interactive && chosen.length === 0 ? text.placeholder : undefined}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              dir="auto"
              className="h-8 min-w-32 flex-1 bg-transparent px-1.5 text-base outline-none placeholder:text-ink-faint"
              {...(interactive && {
                role: 'combobox',
                'aria-autocomplete': 'list' as const,
                'aria-expanded': listed,
                'aria-controls': listed ? listId : undefined,
                'aria-activedescendant': listed && options[at] ? `${listId}${at}` : undefined,
                onChange: (event: { currentTarget: HTMLInputElement }) => {
                  setQuery(event.currentTarget.value)
                  setActive(0)
                  setOpen(true)
                },
                onClick: () => setOpen(true),
                onKeyDown: pressed,
                onBlur: () => setOpen(false),
              })}
            />
          </div>
          {listed ? (
            <ul
              id={listId}
              role="listbox"
              aria-label={text.results}
              className="surface-in absolute inset-x-0 top-full z-30 mt-1.5 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float"
            >
              {options.map((person, index) => (
                <li
                  key={person.id}
                  id={`${listId}${index}`}
                  role="option"
                  aria-selected={index === at}
                  // The press must not take the focus away from the field, or the list closes under it.
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(person)}
                  className={clsx(
                    'flex min-h-11 cursor-pointer items-center gap-2.5 rounded-md px-2 hover:bg-hover',
                    index === at && 'bg-hover',
                  )}
                >
                  <Avatar id={person.id} name={person.name} size="sm" />
                  <span className="truncate font-medium" dir="auto">
                    {person.name}
                  </span>
                  <span className="truncate text-sm text-ink-faint">@{person.handle}</span>
                </li>
              ))}
              {options.length === 0 ? (
                <li
                  role="option"
                  aria-disabled="true"
                  aria-selected="false"
                  className="px-2.5 py-2 text-sm text-ink-soft"
                >
                  {found.type === 'failed' ? text.failed : text.noneFound}
                </li>
              ) : null}
            </ul>
          ) : null}
          <span role="status" className="sr-only">
            {said}
          </span>
        </div>
      )}
    </Field>
  )
}

function Chosen({ person, onRemove }: { person: Author; onRemove: () => void }) {
  return (
    <span className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-md bg-accent-wash ps-1.5 text-sm font-semibold text-accent-ink">
      <input type="hidden" name={pickedField} value={person.id} />
      <Avatar id={person.id} name={person.name} size="xs" />
      <span className="truncate" dir="auto">
        {person.name}
      </span>
      <button
        type="button"
        aria-label={strings.people.picker.remove(person.name)}
        onClick={onRemove}
        className="inline-flex size-8 shrink-0 items-center justify-center rounded-md hover:bg-accent/15"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  )
}
