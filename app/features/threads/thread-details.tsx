import type { MyThread, ParticipantsPage } from '../../../server/features/threads/threads.schema.ts'
import { canDo } from '../../../client/thread-rules.ts'
import { paths } from '~/lib/paths.ts'
import { strings } from '~/lib/strings.ts'
import { Banner } from '~/ui/banner.tsx'
import { Page, Section } from '~/ui/page.tsx'
import { Timestamp } from '~/ui/timestamp.tsx'
import { AboutForm } from './about-form.tsx'
import { AddPeopleForm } from './add-people-form.tsx'
import { ArchiveForm, LeaveForm } from './ending-forms.tsx'
import { ParticipantList } from './participant-list.tsx'
import { threadName } from './thread-name.ts'

export interface ThreadDetailsProps {
  thread: MyThread
  viewerId: string
  page: ParticipantsPage
  /** `page` is not the first one. */
  later: boolean
}

/** What a thread is about and who is in it. Only what the viewer may do is offered. */
export function ThreadDetails({ thread, viewerId, page, later }: ThreadDetailsProps) {
  const { kind, role, topic, createdAt } = thread
  const archived = thread.archivedAt !== null
  const text = strings.places.details
  const may = (action: Parameters<typeof canDo>[0]) => canDo(action, kind, role)
  return (
    <Page
      title={threadName(thread, viewerId)}
      lead={text.kindHints[kind]}
      back={{ to: paths.thread(thread.id), label: text.back, always: true }}
    >
      {archived ? <Banner className="mb-8">{text.readOnly}</Banner> : null}
      {kind === 'direct' ? null : (
        <Section title={text.about}>
          {may('update') && !archived ? (
            <AboutForm thread={thread} />
          ) : (
            <p className={topic ? '' : 'text-ink-faint'} dir="auto">
              {topic || text.noTopic}
            </p>
          )}
        </Section>
      )}
      <Section title={text.people}>
        {may('addParticipants') && !archived ? (
          <div className="mb-4 border-b border-line pb-5">
            <AddPeopleForm present={page.participants.map(({ person }) => person.id)} />
          </div>
        ) : null}
        <ParticipantList {...{ thread, viewerId, page, later }} />
      </Section>
      {may('archive') ? (
        <Section
          title={archived ? text.restoreTitle : text.archiveTitle}
          lead={archived ? text.restoreLead : text.archiveLead}
          bare
        >
          <ArchiveForm archived={archived} />
        </Section>
      ) : null}
      {may('leave') ? (
        <Section title={text.leaveTitle} bare>
          <LeaveForm kind={kind} />
        </Section>
      ) : null}
      <p className="mt-2 text-sm text-ink-faint">
        {text.started} <Timestamp at={createdAt} show="date" />
      </p>
    </Page>
  )
}
