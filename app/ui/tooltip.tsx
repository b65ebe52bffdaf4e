import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement } from 'react'
import { Kbd } from './kbd.tsx'

/** Wrap the app once, so that moving between tooltips does not wait again. */
export const TooltipProvider = Radix.Provider

export interface TooltipProps {
  text: string
  shortcut?: string | undefined
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined
  /** One element that takes a ref. Its own accessible name must not depend on the tooltip. */
  children: ReactElement
}

/** A name on hover and focus. Never the only place where something is said. */
export function Tooltip({ text, shortcut, side = 'top', children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="fade-in z-50 flex max-w-64 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs font-medium text-surface shadow-float"
        >
          {text}
          {shortcut ? <Kbd>{shortcut}</Kbd> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
