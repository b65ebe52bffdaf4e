import { clsx } from 'clsx'
import { forwardRef, type TextareaHTMLAttributes } from 'react'
import { controlClass, Field, type FieldProps } from './field.tsx'

export type TextAreaProps = FieldProps &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, keyof FieldProps | 'id'>

/** Several lines of text with their label, hint and error. */
export const TextArea = forwardRef<HTMLTextAreaElement, TextAreaProps>(function TextArea(
  { label, hint, error, labelHidden, className, rows = 3, ...area },
  ref,
) {
  return (
    <Field {...{ label, hint, error, labelHidden, className }}>
      {(control) => (
        <textarea
          ref={ref}
          rows={rows}
          {...area}
          {...control}
          className={clsx(controlClass, 'py-2')}
        />
      )}
    </Field>
  )
})
