import { randomUUID } from 'node:crypto'
import { expect, row, rows, say, test, type Arrival, type Visitor } from './fixtures.ts'

/** A place as a team has it, to be looked at: pictures go to test-results/looks. */
async function livingPlace(arrive: Arrival): Promise<{ ada: Visitor; thread: { id: string } }> {
  const ada = await arrive('Ada Brandt')
  const ben = await arrive('Ben Okafor', { on: 1 })
  const chi = await arrive('Chi Nakamura')
  const people = [ben.user.id, chi.user.id]
  const start = async (
    owner: Visitor,
    kind: 'private' | 'direct',
    title: string | undefined,
    participantIds: string[],
    topic?: string,
  ) => {
    const input = { clientId: randomUUID(), kind, title, topic, participantIds }
    return (await owner.api.threads.create.mutate(input)).thread
  }
  const thread = await start(
    ada,
    'private',
    'valve-tests',
    people,
    'Bench results, one run per message',
  )
  const supplier = await start(ben, 'private', 'suppliers', [ada.user.id])
  await start(ada, 'private', 'release notes', people)
  const direct = await start(chi, 'direct', undefined, [ada.user.id])
  await start(ada, 'direct', undefined, [ben.user.id, chi.user.id])
  await say(
    ben,
    thread,
    'Morning. Run **14** is done: seals held at 9 bar for six hours.',
    'Raw data is in `runs/14.csv`, the summary on https://bench.example/runs/14',
  )
  await say(chi, thread, 'Six hours is twice what run 13 did. What changed?')
  await say(
    ben,
    thread,
    '- new gasket from the second batch\n- torque down to 11 Nm\n- nothing else',
    '> nothing else\n\nAlso I cleaned the flange, if that counts.',
  )
  await say(
    ada,
    thread,
    `It counts. @${ben.user.handle} can you repeat it with the old gasket?`,
    '```\ntorque   = 11\npressure = 9.0\nhours    = 6\n```',
  )
  const [, late] = await say(
    chi,
    thread,
    'I have the bench from two.',
    'Or three, if the van is late.',
  )
  await chi.api.messages.delete.mutate({ messageId: late?.id ?? '' })
  const [typo] = await say(ben, thread, 'Two is fien.')
  await ben.api.messages.edit.mutate({ messageId: typo?.id ?? '', text: 'Two is fine.' })
  await say(ben, supplier, 'Quote is in.', `@${ada.user.handle} needs your name on it.`)
  await say(chi, direct, 'Lunch?', 'The place by the canal.')
  await ada.api.threads.markRead.mutate({ threadId: thread.id, seq: 6 })
  return { ada, thread }
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what the ${colorScheme} chat looks like`, async ({ arrive }) => {
    const { ada, thread } = await livingPlace(arrive)
    const { page } = ada
    const look = (name: string) =>
      page.screenshot({
        path: `test-results/looks/${name}-${colorScheme}.png`,
        animations: 'disabled',
      })
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 1440, height: 900 })
    await ada.open(thread)
    await expect(rows(page)).toHaveCount(10)
    await row(page, 'It counts').hover()
    await look('thread-1440')
    await page.setViewportSize({ width: 390, height: 844 })
    await ada.open(thread)
    await expect(row(page, 'Two is fine.')).toBeVisible()
    await look('thread-390')
    await page.goto('/threads')
    await expect(page.getByRole('link', { name: /^suppliers/ })).toBeVisible()
    await look('threads-390')
  })
}
