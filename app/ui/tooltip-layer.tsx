import { useEffect, useRef, useState } from 'react'
import { placeTooltip, type TooltipSide } from './place-tooltip.ts'

const firstAfterMs = 400
/** Going on from one thing to the next within this while does not wait again. */
const warmMs = 300

/**
 * The page's one tooltip: for whatever carries `data-tooltip`, under a mouse or under the keyboard's focus. It can be
 * pointed at without going away, and goes with Escape, a click or a scroll.
 */
export function TooltipLayer() {
  const [thing, setThing] = useState<HTMLElement | null>(null)
  const tip = useRef<HTMLDivElement>(null)

  useEffect(() => {
    let current: HTMLElement | null = null
    let hiddenAt = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (next: HTMLElement | null, afterMs: number) => {
      clearTimeout(timer)
      if (next === null && current !== null) hiddenAt = Date.now()
      current = next
      timer = setTimeout(() => setThing(next), afterMs)
    }
    const hide = () => show(null, 0)
    const pointed = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || !(event.target instanceof Element)) return
      if (tip.current?.contains(event.target)) return
      const next = event.target.closest<HTMLElement>('[data-tooltip]')
      if (next === current) return
      const warm = current !== null || Date.now() - hiddenAt < warmMs
      show(next, next === null ? 100 : warm ? 0 : firstAfterMs)
    }
    const focused = (event: FocusEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null
      if (target?.matches('[data-tooltip]:focus-visible')) show(target, 0)
    }
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide()
    }
    document.addEventListener('pointerover', pointed)
    document.addEventListener('focusin', focused)
    document.addEventListener('focusout', hide)
    document.addEventListener('pointerdown', hide)
    document.addEventListener('keydown', pressed)
    document.addEventListener('scroll', hide, true)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerover', pointed)
      document.removeEventListener('focusin', focused)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('pointerdown', hide)
      document.removeEventListener('keydown', pressed)
      document.removeEventListener('scroll', hide, true)
    }
  }, [])

  useEffect(() => {
    if (!thing?.isConnected || !tip.current) return
    const { innerWidth: width, innerHeight: height } = window
    const place = placeTooltip(
      thing.getBoundingClientRect(),
      tip.current.getBoundingClientRect(),
      sideOf(thing),
      { width, height },
    )
    tip.current.style.left = `${place.left}px`
    tip.current.style.top = `${place.top}px`
  }, [thing])

  if (!thing?.isConnected) return null
  const { tooltip, tooltipKeys } = thing.dataset
  return (
    <div
      ref={tip}
      key={tooltip}
      aria-hidden="true"
      className="fade-in fixed -left-[200vw] z-50 flex max-w-64 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs font-medium text-surface shadow-float"
    >
      {tooltip}
      {tooltipKeys ? <span className="opacity-70">{tooltipKeys}</span> : null}
    </div>
  )
}

function sideOf(thing: HTMLElement): TooltipSide {
  return thing.dataset['tooltipSide'] === 'bottom' ? 'bottom' : 'top'
}
