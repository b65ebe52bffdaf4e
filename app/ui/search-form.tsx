import { Form } from '@remix-run/react'
import { Search } from 'lucide-react'
import { useRef } from 'react'
import { Button } from './button.tsx'
import { controlClass } from './field.tsx'
import { useHydrated } from './use-hydrated.ts'

export interface SearchFormProps {
  label: string
  placeholder: string
  submitLabel: string
  query: string
  /** Called while somebody types, once there is JavaScript. */
  onType: (form: HTMLFormElement) => void
}

/** Searches the page it stands on: by `q` in the address, so that it works as a plain form, too. */
export function SearchForm({ label, placeholder, submitLabel, query, onType }: SearchFormProps) {
  const typing = useHydrated()
  const form = useRef<HTMLFormElement>(null)
  return (
    <Form ref={form} role="search" className="flex gap-2" replace>
      <span className="relative min-w-0 flex-1">
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4.5 text-ink-faint"
        />
        <input
          type="search"
          name="q"
          aria-label={label}
          placeholder={placeholder}
          defaultValue={query}
          maxLength={80}
          autoComplete="off"
          dir="auto"
          onChange={() => {
            if (form.current) onType(form.current)
          }}
          className={`${controlClass} h-11 ps-10`}
        />
      </span>
      {typing ? null : (
        <Button type="submit" className="h-11">
          {submitLabel}
        </Button>
      )}
    </Form>
  )
}
