import { Slot } from 'radix-ui'
import type { ReactElement } from 'react'
import type { TooltipSide } from './place-tooltip.ts'

export interface TooltipProps {
  text: string
  shortcut?: string | undefined
  side?: TooltipSide | undefined
  /** One element. Its own accessible name must not depend on the tooltip. */
  children: ReactElement
}

/** A name on hover and focus, shown by the page's one `TooltipLayer`. Never the only place where something is said. */
export function Tooltip({ text, shortcut, side, children }: TooltipProps) {
  return (
    <Slot.Root data-tooltip={text} data-tooltip-keys={shortcut} data-tooltip-side={side}>
      {children}
    </Slot.Root>
  )
}
