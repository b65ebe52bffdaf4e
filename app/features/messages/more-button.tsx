import { Ellipsis } from 'lucide-react'
import { forwardRef, type ButtonHTMLAttributes } from 'react'
import { strings } from '~/lib/strings.ts'

/** Opens the menu of a message. */
export const MoreButton = forwardRef<HTMLButtonElement, ButtonHTMLAttributes<HTMLButtonElement>>(
  function MoreButton(props, ref) {
    return (
      <button
        ref={ref}
        type="button"
        aria-label={strings.messages.actions.more}
        aria-haspopup="menu"
        className="inline-flex size-7 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        {...props}
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </button>
    )
  },
)
