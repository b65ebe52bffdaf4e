import { Form } from '@remix-run/react'
import { Check } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { Banner } from '~/ui/banner.tsx'
import { Button, type ButtonProps } from '~/ui/button.tsx'
import { strings } from './strings.ts'
import type { FormState } from './use-form-state.ts'

export interface ActionFormProps {
  state: FormState
  children: ReactNode
  /** Elsewhere than this page. */
  action?: string | undefined
  className?: string | undefined
  /** Empties the fields once it is done. */
  resets?: boolean | undefined
  'aria-label'?: string | undefined
}

/**
 * A form that posts with or without JavaScript. What the server refused is said above the fields; the focus goes to
 * the first field that is wrong, or to what is said.
 */
export function ActionForm({
  state,
  children,
  action,
  className,
  resets,
  ...rest
}: ActionFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const { result } = state
  useEffect(() => {
    if (!result) return
    if (result.ok && resets) form.current?.reset()
    if (result.ok) return
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')
    wrong?.focus()
  }, [result, resets])
  return (
    <Form
      ref={form}
      method="post"
      noValidate
      preventScrollReset
      {...(action === undefined ? {} : { action })}
      className={className}
      {...rest}
    >
      <input type="hidden" name="intent" value={state.intent} />
      {result?.problem ? (
        <div data-problem tabIndex={-1} className="mb-4 rounded-lg">
          <Banner tone="danger" role="alert">
            {result.problem}
          </Banner>
        </div>
      ) : null}
      {children}
    </Form>
  )
}

export interface SubmitProps extends ButtonProps {
  state: FormState
  /** Said on the button while it is on its way. */
  pendingText?: string | undefined
  /** Said beside it once it is done; null says nothing. */
  doneText?: string | null | undefined
}

/** The button of an `ActionForm`, with the word that it worked. It keeps the focus while the form is on its way. */
export function Submit({
  state,
  pendingText = strings.forms.saving,
  doneText = strings.forms.saved,
  variant = 'primary',
  children,
  ...button
}: SubmitProps) {
  const { pending, result } = state
  return (
    <span className="inline-flex items-center gap-3">
      <Button
        {...button}
        type="submit"
        variant={variant}
        aria-disabled={pending || undefined}
        onClick={(event) => {
          if (pending) event.preventDefault()
        }}
      >
        {pending ? pendingText : children}
      </Button>
      {doneText === null ? null : (
        <span role="status" className="text-sm font-medium text-accent-ink">
          {result?.ok && !pending ? (
            <span className="fade-in inline-flex items-center gap-1.5">
              <Check aria-hidden="true" className="size-4" />
              {doneText}
            </span>
          ) : null}
        </span>
      )}
    </span>
  )
}
