import { useSubmit } from '@remix-run/react'
import { useEffect, useRef } from 'react'

const pauseMs = 200

/** Submits a search form shortly after the last key, without a step back in history for each. */
export function useSearchWhileTyping(): (form: HTMLFormElement) => void {
  const submit = useSubmit()
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => () => clearTimeout(timer.current), [])
  return (form) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => submit(form, { replace: true }), pauseMs)
  }
}
