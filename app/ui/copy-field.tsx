import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from './button.tsx'
import { controlClass, Field } from './field.tsx'

export interface CopyFieldProps {
  label: string
  value: string
  hint?: string | undefined
  copyLabel: string
  copiedLabel: string
  /** Said where the browser does not let us copy. */
  failedLabel: string
}

/** Text to take away: selected as a whole on focus, copied by a button. */
export function CopyField({
  label,
  value,
  hint,
  copyLabel,
  copiedLabel,
  failedLabel,
}: CopyFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none')
  const copy = () => {
    input.current?.select()
    // Over plain http, from another machine than the server's own, browsers have no clipboard to give.
    if (!('clipboard' in navigator)) {
      setOutcome('failed')
      return
    }
    navigator.clipboard.writeText(value).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  }
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <span className="flex flex-wrap gap-2">
          <input
            {...control}
            ref={input}
            readOnly
            value={value}
            onFocus={(event) => event.currentTarget.select()}
            className={`${controlClass} h-10 min-w-0 flex-1 basis-56 font-mono text-sm`}
          />
          <Button onClick={copy} className="w-28">
            {outcome === 'copied' ? (
              <Check aria-hidden="true" className="size-4" />
            ) : (
              <Copy aria-hidden="true" className="size-4" />
            )}
            {outcome === 'copied' ? copiedLabel : copyLabel}
          </Button>
          <span role="status" className="basis-full text-sm text-ink-soft empty:hidden">
            {outcome === 'failed' ? failedLabel : null}
          </span>
        </span>
      )}
    </Field>
  )
}
