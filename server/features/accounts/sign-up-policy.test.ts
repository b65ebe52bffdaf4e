import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testPassword } from '../../testing/factories.ts'
import { createEmptyTestApp, createTestApp, type TestApp } from '../../testing/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())
beforeEach(async () => {
  await app.database.db.deleteFrom('rateLimits').execute()
  await app.people.ada.api.server.update({ signUp: 'open' })
})

let count = 0
function somebody(): { email: string; password: string; name: string; handle: string } {
  const handle = `new${++count}`
  return { email: `${handle}@example.org`, password: testPassword, name: `New ${count}`, handle }
}

const reason = (name: string) => ({ cause: { reason: name } })

test('before the first person sign-up is open, whatever the settings say', async () => {
  const empty = await createEmptyTestApp()
  try {
    await empty.database.db.updateTable('server').set({ signUp: 'invitation' }).execute()
    expect((await empty.visitor().system.info()).signUp).toBe('open')
    const { user } = await empty.visitor().auth.signUp(somebody())
    expect(user.role).toBe('owner')
    expect((await empty.visitor().system.info()).signUp).toBe('invitation')
    await expect(empty.visitor().auth.signUp(somebody())).rejects.toMatchObject(
      reason('INVITATION_NEEDED'),
    )
  } finally {
    await empty.close()
  }
})

test('an outsider who is not admitted does not learn whether an address is known', async () => {
  await app.people.ada.api.server.update({ signUp: 'invitation' })
  for (const email of ['ben@example.org', 'nobody@example.org'])
    await expect(app.visitor().auth.signUp({ ...somebody(), email })).rejects.toMatchObject(
      reason('INVITATION_NEEDED'),
    )
})

test('by domain: who has an address there may come, and who was invited', async () => {
  const { ada } = app.people
  await ada.api.server.update({ signUp: 'domains', signUpDomains: ['Example.COM'] })
  await expect(app.visitor().auth.signUp(somebody())).rejects.toMatchObject(
    reason('EMAIL_DOMAIN_REFUSED'),
  )
  for (const email of ['eve@sub.example.com', 'eve@example.com.evil.org', 'eve@notexample.com'])
    await expect(app.visitor().auth.signUp({ ...somebody(), email })).rejects.toMatchObject(
      reason('EMAIL_DOMAIN_REFUSED'),
    )
  await app.visitor().auth.signUp({ ...somebody(), email: 'fay@EXAMPLE.com' })
  const { code } = await ada.api.server.invitations.create({})
  await app.visitor().auth.signUp({ ...somebody(), invitation: code })
})

test('an invitation lets in as many as it says, at once or later, and none after its end', async () => {
  const { ada } = app.people
  await ada.api.server.update({ signUp: 'invitation' })
  const { code, invitation } = await ada.api.server.invitations.create({ maxUses: 2 })
  const answers = await Promise.allSettled(
    [1, 2, 3, 4].map(() => app.visitor().auth.signUp({ ...somebody(), invitation: code })),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  const { invitations } = await ada.api.server.invitations.list()
  expect(invitations.find(({ id }) => id === invitation.id)).toMatchObject({ uses: 2 })

  const refused = reason('INVITATION_REFUSED')
  const { code: revoked, invitation: gone } = await ada.api.server.invitations.create({})
  await ada.api.server.invitations.revoke({ invitationId: gone.id })
  for (const invitation of [revoked, 'guessed', ''])
    await expect(app.visitor().auth.signUp({ ...somebody(), invitation })).rejects.toMatchObject(
      refused,
    )
})

test('a sign-up that fails uses up no invitation', async () => {
  const { ada } = app.people
  await ada.api.server.update({ signUp: 'invitation' })
  const { code } = await ada.api.server.invitations.create({ maxUses: 1 })
  const input = { ...somebody(), invitation: code }
  await expect(app.visitor().auth.signUp({ ...input, handle: 'ada' })).rejects.toMatchObject(
    reason('HANDLE_TAKEN'),
  )
  await app.visitor().auth.signUp(input)
})
