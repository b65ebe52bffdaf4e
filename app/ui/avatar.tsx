import { clsx } from 'clsx'
import { PresenceDot, type PresenceLook } from './presence-dot.tsx'

export interface AvatarProps {
  /** Chooses the colour, the same everywhere. */
  id: string
  name: string
  size?: 'xs' | 'sm' | 'md' | 'lg' | 'xl' | undefined
  /** Adds a dot; the text says what it means ("Online"). */
  presence?: { look: PresenceLook; text: string } | undefined
}

const sizes = {
  xs: 'size-5 text-[0.5625rem] rounded-sm',
  sm: 'size-7 text-2xs rounded-md',
  md: 'size-9 text-xs rounded-md',
  lg: 'size-12 text-base rounded-lg',
  xl: 'size-20 text-xl rounded-xl',
}

/** Initials on a colour of their own. Decorative: the name stands beside it, so only presence is read. */
export function Avatar({ id, name, size = 'md', presence }: AvatarProps) {
  return (
    <span className="relative inline-flex shrink-0">
      <span
        aria-hidden="true"
        className={clsx(
          'inline-flex items-center justify-center font-semibold tracking-tight text-white select-none',
          sizes[size],
          `feather-${feather(id)}`,
        )}
      >
        {initials(name)}
      </span>
      {presence ? (
        <span
          className={clsx(
            'absolute rounded-full border-2 border-surface',
            size === 'xs' ? '-end-1 -bottom-1 size-2.5' : '-end-0.5 -bottom-0.5 size-3',
          )}
        >
          <PresenceDot look={presence.look} className="size-full" />
          <span className="sr-only">{presence.text}</span>
        </span>
      ) : null}
    </span>
  )
}

/** The first letters of the first and last word, whatever the script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '',
  )
  return letters.join('').toLocaleUpperCase() || '·'
}

/** One of the twelve feathers in tokens.css. */
export function feather(id: string): number {
  let hash = 0
  for (let at = 0; at < id.length; at++) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) >>> 0
  return hash % 12
}
