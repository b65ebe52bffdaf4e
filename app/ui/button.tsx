import { Slot } from 'radix-ui'
import { clsx } from 'clsx'
import { forwardRef, type ButtonHTMLAttributes } from 'react'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** One `primary` per view; `quiet` has no box until it is touched. Default `secondary`. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined
  size?: 'sm' | 'md' | 'lg' | undefined
  /** Dresses its only child (a link, say) as the button. */
  asChild?: boolean | undefined
}

const variants = {
  primary: 'bg-accent text-on-accent shadow-lift hover:bg-accent-strong',
  secondary: 'border border-line bg-raised text-ink shadow-lift hover:bg-hover',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-on-danger shadow-lift hover:bg-danger-strong',
}

const sizes = {
  sm: 'h-8 gap-1.5 px-2.5 text-sm',
  md: 'h-10 gap-2 px-4 text-sm',
  lg: 'h-12 gap-2 px-6 text-base',
}

/** A button with words on it. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant = 'secondary', size = 'md', asChild, className, type, ...props },
  ref,
) {
  const Element = asChild ? Slot.Root : 'button'
  return (
    <Element
      ref={ref}
      {...(asChild ? {} : { type: type ?? 'button' })}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center rounded-md font-semibold whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-50',
        variants[variant],
        sizes[size],
        className,
      )}
      {...props}
    />
  )
})
