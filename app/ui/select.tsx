import { clsx } from 'clsx'
import { ChevronDown } from 'lucide-react'
import { forwardRef, type SelectHTMLAttributes } from 'react'
import { controlClass, Field, type FieldProps } from './field.tsx'

export type SelectProps = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, keyof FieldProps | 'id' | 'children'> & {
    options: readonly { value: string; label: string; disabled?: boolean }[]
  }

/** The platform's own select: right on touch, right with a keyboard, and there before JavaScript. */
export const Select = forwardRef<HTMLSelectElement, SelectProps>(function Select(
  { label, hint, error, labelHidden, className, options, ...select },
  ref,
) {
  return (
    <Field {...{ label, hint, error, labelHidden, className }}>
      {(control) => (
        <span className="relative">
          <select
            ref={ref}
            {...select}
            {...control}
            className={clsx(controlClass, 'h-11 appearance-none pe-9')}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 end-3 my-auto size-4 text-ink-faint"
          />
        </span>
      )}
    </Field>
  )
})
