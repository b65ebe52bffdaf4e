import { ChevronsUpDown } from 'lucide-react'
import { forwardRef, type ButtonHTMLAttributes } from 'react'
import type { Self } from '../../../server/features/people/people.schema.ts'
import { strings } from '~/lib/strings.ts'
import { Avatar } from '~/ui/avatar.tsx'

export interface UserButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  viewer: Self
}

/** Who I am here; opens my menu. */
export const UserButton = forwardRef<HTMLButtonElement, UserButtonProps>(function UserButton(
  { viewer, ...props },
  ref,
) {
  return (
    <button
      ref={ref}
      type="button"
      aria-label={strings.shell.userMenu(viewer.name)}
      className="flex w-full items-center gap-2.5 rounded-lg p-2 text-start hover:bg-hover data-[state=open]:bg-hover"
      aria-haspopup="menu"
      {...props}
    >
      <Avatar id={viewer.id} name={viewer.name} size="md" />
      <span className="min-w-0 flex-1 leading-tight">
        <span className="block truncate text-sm font-semibold" dir="auto">
          {viewer.name}
        </span>
        <span className="block truncate text-xs text-ink-faint" dir="auto">
          {viewer.status
            ? `${viewer.status.emoji} ${viewer.status.text}`.trim()
            : `@${viewer.handle}`}
        </span>
      </span>
      <ChevronsUpDown aria-hidden="true" className="size-4 text-ink-faint" />
    </button>
  )
})
