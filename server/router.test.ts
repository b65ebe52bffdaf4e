import { expect, test } from 'vitest'
import { appRouter } from './router.ts'

/** What tRPC keeps of a procedure: `meta`, and among the middlewares one that was made of the output's parser. */
interface Definition {
  type: 'query' | 'mutation' | 'subscription'
  meta?: { permission?: string }
  output?: unknown
}
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Record<string, { _def: Definition }>,
)

/** The contract with clients outside of this repository. Names are only ever added. */
const contract = `
  auth.signUp auth.signIn auth.signOut auth.me auth.sessions.list auth.sessions.revoke auth.changePassword
  people.search people.get people.updateProfile people.setStatus
  threads.create threads.list threads.get threads.browse threads.join threads.leave threads.update threads.archive
  threads.markRead threads.participants.list threads.participants.add threads.participants.remove
  threads.participants.setRole
  messages.send messages.edit messages.delete messages.list messages.history
  events.stream hints.stream hints.send system.info
`
  .trim()
  .split(/\s+/)

test('every name of the contract can be called', () => {
  const names = procedures.map(([name]) => name)
  expect(names.length).toBeGreaterThan(contract.length)
  for (const name of contract) expect(names).toContain(name)
})

test.each(procedures)('%s declares who may call it, and the shape of its answer', (_, { _def }) => {
  expect(['anyone', 'signed-in', 'participant', 'moderator', 'author', 'admin', 'owner']).toContain(
    _def.meta?.permission,
  )
  expect(_def.output).toBeDefined()
})

test('only what has to be open is open to anyone', () => {
  const open = procedures.filter(([, { _def }]) => _def.meta?.permission === 'anyone')
  expect(open.map(([name]) => name).sort()).toEqual([
    'auth.signIn',
    'auth.signOut',
    'auth.signUp',
    'system.info',
  ])
})
