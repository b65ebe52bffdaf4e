import { useNavigation, useSubmit } from '@remix-run/react'
import { useEffect, useRef } from 'react'

const pauseMs = 200

/** Submits a search form shortly after the last key, without a step back in history for each. */
export function useSearchWhileTyping(): (form: HTMLFormElement) => void {
  const submit = useSubmit()
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const { state, formMethod } = useNavigation()
  // Whoever typed and then went on elsewhere (a link, a button of a result) is not called back to the search.
  const leaving = state !== 'idle' && formMethod !== 'GET'
  useEffect(() => {
    if (leaving) clearTimeout(timer.current)
  }, [leaving])
  useEffect(() => {
    const cancel = () => clearTimeout(timer.current)
    const clicked = ({ target }: MouseEvent) => {
      if (target instanceof Element && target.closest('a[href]')) cancel()
    }
    // Heard in the same moment: the navigation's state is known only a little later.
    document.addEventListener('submit', cancel, true)
    document.addEventListener('click', clicked, true)
    return () => {
      cancel()
      document.removeEventListener('submit', cancel, true)
      document.removeEventListener('click', clicked, true)
    }
  }, [])
  return (form) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => submit(form, { replace: true }), pauseMs)
  }
}
