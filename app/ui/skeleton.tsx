import { clsx } from 'clsx'

/** The place of something that is on its way; invisible for the first 200 ms. Give it a size by class. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <div aria-hidden="true" className={clsx('skeleton', className)} />
}
