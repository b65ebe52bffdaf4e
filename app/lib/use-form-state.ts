import { useActionData, useNavigation } from '@remix-run/react'
import type { FormResult } from './form-result.ts'

/** How one of the page's forms stands: not sent, on its way, refused or done. */
export interface FormState {
  intent: string
  pending: boolean
  /** Undefined until this form was sent. */
  result: FormResult | undefined
  /** What is wrong with a field. */
  error(name: string): string | undefined
  /** What was typed into a field that came back. */
  value(name: string): string | undefined
}

/** The form of this page that posts `intent`. `key` tells rows apart that post the same intent. */
export function useFormState(intent: string, key?: { name: string; value: string }): FormState {
  const latest = useActionData<FormResult>()
  const { formData } = useNavigation()
  const result = latest?.intent === intent ? latest : undefined
  return {
    intent,
    pending: formData?.get('intent') === intent && (!key || formData.get(key.name) === key.value),
    result,
    error: (name) => (result?.ok === false ? result.fields[name] : undefined),
    value: (name) => (result?.ok === false ? result.values[name] : undefined),
  }
}
