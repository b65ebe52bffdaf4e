import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'

/** What a labelled control hands to its input. */
export interface FieldControl {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps {
  label: string
  /** What to enter, before anything went wrong. */
  hint?: ReactNode
  /** What went wrong and what to do; shown instead of nothing, beside the hint. */
  error?: string | undefined
  /** Keeps the label for screen readers alone. */
  labelHidden?: boolean | undefined
  className?: string | undefined
}

export const controlClass =
  'w-full rounded-md border border-line-strong bg-raised px-3 text-base text-ink placeholder:text-ink-faint shadow-lift transition-colors hover:border-ink-faint focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-danger disabled:opacity-60'

/** Label, control, hint and error, wired together for assistive technology. */
export function Field({
  label,
  hint,
  error,
  labelHidden,
  className,
  children,
}: FieldProps & { children: (control: FieldControl) => ReactNode }) {
  const id = useId()
  const hintId = `${id}hint`
  const errorId = `${id}error`
  const described = [error && errorId, hint && hintId].filter(Boolean).join(' ')
  return (
    <div className={clsx('flex flex-col gap-1.5', className)}>
      <label htmlFor={id} className={labelHidden ? 'sr-only' : 'text-sm font-semibold'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error ? (
        <p id={errorId} className="text-sm font-medium text-danger-ink">
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={hintId} className="text-sm text-ink-faint">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
