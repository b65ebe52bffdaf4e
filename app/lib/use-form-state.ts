import { useActionData, useLocation, useNavigation } from '@remix-run/react'
import { useState } from 'react'
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
  const latest = useLatestResult()
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

/**
 * What the page's last posted form came to. Remix forgets it as soon as the page's data is read again, which a fact
 * may cause at any moment: what went wrong, or a secret that is shown once, must stay until something else is posted.
 */
function useLatestResult(): FormResult | undefined {
  const given = useActionData<FormResult>()
  const { key } = useLocation()
  const [kept, setKept] = useState({ key, result: given })
  if (given && (given !== kept.result || key !== kept.key)) setKept({ key, result: given })
  return given ?? (key === kept.key ? kept.result : undefined)
}
