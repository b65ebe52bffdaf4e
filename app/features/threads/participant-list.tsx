import type { MyThread, ParticipantsPage } from '../../../server/features/threads/threads.schema.ts'
import { strings } from '~/lib/strings.ts'
import { useFormState } from '~/lib/use-form-state.ts'
import { Banner } from '~/ui/banner.tsx'
import { PageLinks } from '~/ui/page-links.tsx'
import { ParticipantRow } from './participant-row.tsx'

export interface ParticipantListProps {
  thread: MyThread
  viewerId: string
  page: ParticipantsPage
  /** This is not the first page of them. */
  later: boolean
}

/** Everyone in a thread. */
export function ParticipantList({ thread, viewerId, page, later }: ParticipantListProps) {
  const role = useFormState('role')
  const removal = useFormState('remove')
  const result = role.result ?? removal.result
  const text = strings.places.details
  return (
    <>
      <p role="status" className="text-sm font-medium text-accent-ink empty:hidden">
        {result?.ok ? result.said : null}
      </p>
      {result?.problem ? (
        <Banner tone="danger" role="alert" className="mb-3">
          {result.problem}
        </Banner>
      ) : null}
      <ul className="divide-y divide-line">
        {page.participants.map((participant) => (
          <ParticipantRow key={participant.person.id} {...{ thread, viewerId, participant }} />
        ))}
      </ul>
      <PageLinks next={page.next} later={later} nextLabel={text.more} firstLabel={text.first} />
    </>
  )
}
