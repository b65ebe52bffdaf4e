import { Hash, Lock, UsersRound } from 'lucide-react'
import { clsx } from 'clsx'
import type { MyThread } from '../../../server/features/threads/threads.schema.ts'
import { Avatar } from '~/ui/avatar.tsx'
import { usePresence } from '../presence/use-presence.ts'
import { othersIn } from './thread-name.ts'

export interface ThreadIconProps {
  thread: MyThread
  viewerId: string
  className?: string
}

/** What kind of thread it is, or whom it is with. */
export function ThreadIcon({ thread, viewerId, className }: ThreadIconProps) {
  const others = othersIn(thread, viewerId)
  const [other] = others
  const presence = usePresence(other?.id)
  if (thread.kind === 'direct' && other && others.length === 1) {
    return <Avatar id={other.id} name={other.name} size="xs" presence={presence} />
  }
  const Icon = thread.kind === 'direct' ? UsersRound : thread.kind === 'private' ? Lock : Hash
  return <Icon aria-hidden="true" className={clsx('size-4 shrink-0', className)} />
}
