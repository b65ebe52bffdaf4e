import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { AppError, reasons, type Reason } from '../../server/errors.ts'
import { events, type EventType } from '../../server/events.ts'
import { message } from '../../server/features/messages/messages.schema.ts'
import { author, person, status } from '../../server/features/people/people.schema.ts'
import { server } from '../../server/features/server/server.schema.ts'
import { participant, thread } from '../../server/features/threads/threads.schema.ts'
import { toTRPCError } from '../../server/trpc.ts'
import { describeSchemas } from './describe-schemas.ts'
import { whatEventsMean } from './what-events-mean.ts'

const shapes = {
  Message: message,
  Author: author,
  Thread: thread,
  Participant: participant,
  Person: person,
  Status: status,
  Server: server,
}

/** The parts of docs/client.md that the code knows best, by the names of their markers. */
export function generateClientDocs(): Record<'events' | 'shapes' | 'reasons', string> {
  const payloads = Object.fromEntries(
    Object.entries(events).map(([type, { payload }]) => [type, payload]),
  )
  const described = describeSchemas({ ...shapes, ...payloads })
  const fieldsOf = (name: string) =>
    (described.get(name) ?? []).map(({ field, type }) => `${field}: ${type}`)

  const eventRow = (type: EventType) => {
    const [stream, words] = whatEventsMean[type]
    const payload = code(`{ ${fieldsOf(type).join(', ')} }`)
    return [code(type), stream, String(events[type].version), payload, words]
  }
  return {
    events: table(
      ['`type`', 'stream', '`version`', '`payload`', 'what happened'],
      (Object.keys(whatEventsMean) as EventType[]).map(eventRow),
    ),
    shapes: table(
      ['shape', 'fields'],
      Object.keys(shapes).map((name) => [code(name), fieldsOf(name).map(code).join(', ')]),
    ),
    reasons: table(
      ['HTTP', '`reason`'],
      [...reasonsByStatus()].map(([status, names]) => [status, names.map(code).join(', ')]),
    ),
  }
}

function reasonsByStatus(): Map<string, string[]> {
  const byStatus = Object.groupBy(Object.keys(reasons) as Reason[], (reason) =>
    String(getHTTPStatusCodeFromError(toTRPCError(new AppError(reason, reason)))),
  )
  return new Map(Object.entries(byStatus).map(([status, names = []]) => [status, names]))
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
