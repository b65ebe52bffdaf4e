import { clsx } from 'clsx'
import { Eye, EyeOff } from 'lucide-react'
import { useState, type InputHTMLAttributes } from 'react'
import { controlClass, Field, type FieldProps } from './field.tsx'
import { useHydrated } from './use-hydrated.ts'

export type PasswordFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldProps | 'id' | 'type'> & {
    /** Which password it is: managers offer the old one or make a new one by it. */
    autoComplete: 'current-password' | 'new-password'
    showLabel: string
    hideLabel: string
  }

/** A password, with a button that shows it once there is JavaScript to do so. */
export function PasswordField({
  label,
  hint,
  error,
  labelHidden,
  className,
  showLabel,
  hideLabel,
  ...input
}: PasswordFieldProps) {
  const [shown, setShown] = useState(false)
  const interactive = useHydrated()
  const Icon = shown ? EyeOff : Eye
  return (
    <Field {...{ label, hint, error, labelHidden, className }}>
      {(control) => (
        <span className="relative">
          <input
            {...input}
            {...control}
            type={shown ? 'text' : 'password'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            className={clsx(controlClass, 'h-11', interactive && 'pe-12')}
          />
          {interactive ? (
            <button
              type="button"
              aria-label={shown ? hideLabel : showLabel}
              onClick={() => setShown(!shown)}
              className="absolute inset-y-1 end-1 inline-flex w-9 items-center justify-center rounded-sm text-ink-faint hover:text-ink"
            >
              <Icon aria-hidden="true" className="size-4.5" />
            </button>
          ) : null}
        </span>
      )}
    </Field>
  )
}
