import { clsx } from 'clsx'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** One sentence below the title, read with it. */
  description?: ReactNode
  closeLabel: string
  children: ReactNode
  /** `drawer` slides in from the start edge; `sheet` sits centred. Default `sheet`. */
  shape?: 'sheet' | 'drawer' | undefined
  /** Buttons, at the end edge. */
  footer?: ReactNode
}

/** A modal surface: takes the focus, gives it back, closes on Escape and on a click beside it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  closeLabel,
  children,
  shape = 'sheet',
  footer,
}: DialogProps) {
  const drawer = shape === 'drawer'
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={clsx(
            'fixed z-40 flex flex-col bg-surface text-ink shadow-float outline-none',
            drawer
              ? 'drawer-in inset-y-0 start-0 w-[min(20rem,88vw)]'
              : 'surface-in inset-x-3 top-[8dvh] mx-auto max-h-[84dvh] max-w-lg rounded-xl border border-line',
          )}
        >
          <div className={clsx('flex items-start gap-4', drawer ? 'p-3' : 'p-5 pb-3')}>
            <div className="min-w-0 flex-1">
              <Radix.Title
                className={drawer ? 'sr-only' : 'font-display text-xl font-semibold'}
                dir="auto"
              >
                {title}
              </Radix.Title>
              {description ? (
                <Radix.Description className="mt-1 text-sm text-ink-soft">
                  {description}
                </Radix.Description>
              ) : null}
            </div>
            <Radix.Close
              aria-label={closeLabel}
              className="-me-1 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink"
            >
              <X aria-hidden="true" className="size-4.5" />
            </Radix.Close>
          </div>
          <div className={clsx('min-h-0 flex-1 overflow-y-auto', drawer ? '' : 'px-5 pb-5')}>
            {children}
          </div>
          {footer ? (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </div>
          ) : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
