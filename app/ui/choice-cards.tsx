import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface Choice<Value extends string> {
  value: Value
  label: string
  hint?: string | undefined
  icon?: ReactNode
}

export interface ChoiceCardsProps<Value extends string> {
  /** Name of the group, shown above it. */
  legend: string
  name: string
  choices: readonly Choice<Value>[]
  chosen: Value
  onChange?: ((value: Value) => void) | undefined
  disabled?: boolean | undefined
  /** Cards beside each other where there is room. */
  columns?: 2 | 3 | undefined
}

/** One of a few, each with a word of explanation: radio buttons, dressed as cards. */
export function ChoiceCards<Value extends string>({
  legend,
  name,
  choices,
  chosen,
  onChange,
  disabled,
  columns,
}: ChoiceCardsProps<Value>) {
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="mb-1.5 text-sm font-semibold">{legend}</legend>
      <div
        className={clsx(
          'grid gap-2',
          columns === 2 && 'sm:grid-cols-2',
          columns === 3 && 'sm:grid-cols-3',
        )}
      >
        {choices.map(({ value, label, hint, icon }) => (
          <label
            key={value}
            className="flex min-w-0 cursor-pointer items-start gap-3 rounded-lg border border-line-strong bg-raised p-3 shadow-lift transition-colors hover:border-ink-faint has-checked:border-accent has-checked:bg-accent-wash has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent has-disabled:cursor-default has-disabled:opacity-60"
          >
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === chosen}
              onChange={() => onChange?.(value)}
              className="mt-1 size-4 shrink-0 focus-visible:outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex items-center gap-2 text-sm leading-6 font-semibold [&>svg]:size-4 [&>svg]:text-ink-faint">
                {icon}
                {label}
              </span>
              {hint ? <span className="block text-sm text-ink-soft">{hint}</span> : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
