import { clsx } from 'clsx'

/** The mark: a thread that lies as an S, with the leading goose at its end. */
export function LogoMark({ className }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 32 32" className={clsx('shrink-0', className)} aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#0b6a5f" />
      <g fill="none" strokeWidth="2.7" strokeLinecap="round" strokeLinejoin="round">
        <path
          stroke="#fff"
          d="M23.6 8.4C17.5 6.3 9 7.3 9 12.1c0 5.9 14 3.1 14 9 0 4.9-9.5 5.7-15.6 2.9"
        />
        <path stroke="#f7a672" d="m20.5 4.3 4.5 4.5-4.9 3.7" />
      </g>
    </svg>
  )
}
