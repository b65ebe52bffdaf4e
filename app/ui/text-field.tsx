import { clsx } from 'clsx'
import { forwardRef, type InputHTMLAttributes } from 'react'
import { controlClass, Field, type FieldProps } from './field.tsx'

export type TextFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldProps | 'id'>

/** One line of text with its label, hint and error. */
export const TextField = forwardRef<HTMLInputElement, TextFieldProps>(function TextField(
  { label, hint, error, labelHidden, className, ...input },
  ref,
) {
  return (
    <Field {...{ label, hint, error, labelHidden, className }}>
      {(control) => (
        <input ref={ref} {...input} {...control} className={clsx(controlClass, 'h-11')} />
      )}
    </Field>
  )
})
