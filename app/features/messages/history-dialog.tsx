import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../../client/react.tsx'
import { QueryProvider } from '~/lib/query-provider.tsx'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'
import { Badge } from '~/ui/badge.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { Skeleton } from '~/ui/skeleton.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { useSession } from '../shell/session-context.tsx'
import { Markdown } from './markdown.tsx'

export interface HistoryDialogProps {
  messageId: string
  onClose: () => void
}

/** Every version of a message. */
export default function HistoryDialog({ messageId, onClose }: HistoryDialogProps) {
  const { skein } = useSession()
  const { historyTitle, historyText } = strings.messages
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={historyTitle}
      description={historyText}
      closeLabel={strings.shell.close}
    >
      <QueryProvider skein={skein}>
        <Versions messageId={messageId} />
      </QueryProvider>
    </Dialog>
  )
}

function Versions({ messageId }: { messageId: string }) {
  const trpc = useTRPC()
  const { viewer } = useSession()
  const { data, isError } = useQuery(trpc.messages.history.queryOptions({ messageId }))
  if (isError) return <Banner tone="danger">{strings.messages.historyFailed}</Banner>
  if (!data) return <Skeleton className="h-24" />
  return (
    <ol className="flex flex-col gap-4">
      {data.versions.toReversed().map((version, at) => (
        <li key={version.at} className="border-s-2 border-line ps-3">
          <p className="flex items-center gap-2 text-xs text-ink-faint">
            <Timestamp at={version.at} show="full" />
            {at === 0 ? <Badge tone="accent">{strings.messages.historyNow}</Badge> : null}
          </p>
          <Markdown text={version.text} viewerHandle={viewer.handle} />
        </li>
      ))}
    </ol>
  )
}
