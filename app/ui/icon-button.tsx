import { clsx } from 'clsx'
import { forwardRef, type ButtonHTMLAttributes, type ReactNode } from 'react'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The button's name, read aloud and shown on hover. */
  label: string
  children: ReactNode
  size?: 'sm' | 'md' | undefined
  /** Shown after the label in the tooltip, for instance `Ctrl+B`. */
  shortcut?: string | undefined
}

/** A button that is only an icon: never without a name. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { label, children, size = 'md', shortcut, className, type, ...props },
  ref,
) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        ref={ref}
        type={type ?? 'button'}
        aria-label={label}
        className={clsx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-ink-soft transition-colors hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-40 data-[state=open]:bg-hover data-[state=open]:text-ink',
          size === 'sm' ? 'size-7' : 'size-9',
          className,
        )}
        {...props}
      >
        {children}
      </button>
    </Tooltip>
  )
})
