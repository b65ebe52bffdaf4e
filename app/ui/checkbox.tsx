import { forwardRef, useId, type InputHTMLAttributes, type ReactNode } from 'react'

export interface CheckboxProps extends Omit<
  InputHTMLAttributes<HTMLInputElement>,
  'type' | 'id' | 'className'
> {
  label: ReactNode
  hint?: ReactNode
}

/** A choice that is on or off, and posts with its form. Pass `role="switch"` where it acts at once. */
export const Checkbox = forwardRef<HTMLInputElement, CheckboxProps>(function Checkbox(
  { label, hint, ...input },
  ref,
) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <input
        ref={ref}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}hint` : undefined}
        className="mt-0.5 size-5 shrink-0 cursor-pointer rounded-sm"
        {...input}
      />
      <div className="flex flex-col">
        <label htmlFor={id} className="text-sm font-medium leading-6">
          {label}
        </label>
        {hint ? (
          <p id={`${id}hint`} className="text-sm text-ink-faint">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  )
})
