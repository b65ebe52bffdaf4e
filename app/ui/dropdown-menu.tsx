import { clsx } from 'clsx'
import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { FocusEvent, ReactElement, ReactNode } from 'react'

export interface DropdownMenuProps {
  /** One element that takes a ref: the button that opens the menu. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end' | undefined
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined
  /** Opens as soon as it is there: for a menu that was loaded by the click on its button. */
  defaultOpen?: boolean
}

/** A menu of actions. Fill it with `MenuItem`, `MenuChoices`, `MenuSeparator` and `MenuLabel`. */
export function DropdownMenu({
  trigger,
  children,
  align = 'end',
  side = 'bottom',
  ...root
}: DropdownMenuProps) {
  return (
    <Radix.Root {...root}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          onFocus={enter}
          className="surface-in z-50 min-w-52 max-w-80 rounded-lg border border-line bg-raised p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/**
 * Opened by key, a menu stands on its first item. One that was loaded by that very key cannot know of it; the browser
 * does.
 */
function enter({ target, currentTarget }: FocusEvent<HTMLElement>): void {
  if (target !== currentTarget || !target.matches(':focus-visible')) return
  target.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus()
}

const itemClass =
  'flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm font-medium outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-45'

export interface MenuItemProps {
  children: ReactNode
  icon?: ReactNode
  onSelect?: (event: Event) => void
  tone?: 'danger' | undefined
  disabled?: boolean
  /** Dresses its only child (a link) as the item; then `icon` goes into the child. */
  asChild?: boolean
}

export function MenuItem({ children, icon, onSelect, tone, disabled, asChild }: MenuItemProps) {
  return (
    <Radix.Item
      asChild={asChild ?? false}
      disabled={disabled ?? false}
      {...(onSelect ? { onSelect } : {})}
      className={clsx(itemClass, tone === 'danger' && 'text-danger-ink')}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon ? <span className="shrink-0 text-ink-faint [&>svg]:size-4">{icon}</span> : null}
          <span className="min-w-0 flex-1 truncate">{children}</span>
        </>
      )}
    </Radix.Item>
  )
}

export interface MenuChoicesProps<Value extends string> {
  label: string
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: string }[]
}

/** One of several, with a mark on the present one. */
export function MenuChoices<Value extends string>({
  label,
  value,
  onChange,
  options,
}: MenuChoicesProps<Value>) {
  return (
    <Radix.RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((each) => each.value === next)
        if (option) onChange(option.value)
      }}
    >
      <MenuLabel>{label}</MenuLabel>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemClass}>
          <span className="size-4 shrink-0 text-accent-ink">
            <Radix.ItemIndicator>
              <Check aria-hidden="true" className="size-4" />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-semibold text-ink-faint">
      {children}
    </Radix.Label>
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />
}
