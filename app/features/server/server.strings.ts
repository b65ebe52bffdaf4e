import { plural } from '~/lib/plural.ts'

export const serverStrings = {
  title: 'Server',
  lead: 'What this server is called, and who may come in.',
  adminsRead:
    'Only an owner may change the name and who may sign up. Invitations are yours to give.',
  general: 'This server',
  name: 'Name of this server',
  nameHint: 'It stands above the threads and on the sign-in page.',
  signUp: 'Who may sign up',
  policies: {
    open: { label: 'Anyone', hint: 'Whoever can reach this server may create an account.' },
    domains: {
      label: 'Certain e-mail domains',
      hint: 'Others need an invitation link.',
    },
    invitation: { label: 'By invitation', hint: 'Only with a link that somebody here gave them.' },
  },
  domains: 'E-mail domains',
  domainsHint: 'One per line, such as example.org.',
  save: 'Save changes',
  wrong: {
    name: 'Enter a name of 1 to 60 characters.',
    signUpDomains: 'Enter domains such as example.org, one per line, at most 50.',
    domainsNeeded: 'Enter at least one domain, or choose another rule.',
    note: 'Use at most 100 characters.',
    maxUses: 'Enter a whole number from 1 to 10,000, or nothing.',
    hours: 'Choose one of the lifetimes.',
  },

  invitations: 'Invitation links',
  invitationsLead: 'Whoever has a link may create an account, whatever the rule above says.',
  given: 'Links given out',
  note: 'For whom?',
  noteHint: 'Only you and other admins see it.',
  maxUses: 'How often',
  maxUsesHint: 'Empty for as often as you like.',
  ends: 'Ends',
  lifetimes: {
    24: 'In a day',
    168: 'In a week',
    720: 'In 30 days',
    0: 'Never',
  } as Record<number, string>,
  create: 'Create link',
  creating: 'Creating…',
  made: 'Your new invitation link',
  madeHint: 'Copy it now: it is shown this once. Send it to whom you want to have here.',
  noInvitationsTitle: 'No links yet',
  noInvitationsText: 'Create one above and send it to whom you want to have here.',
  unnamed: 'Invitation',
  used: (uses: number, max: number | null) =>
    max === null
      ? `Used ${plural(uses, { one: 'time', other: 'times' })}`
      : `Used ${uses} of ${plural(max, { one: 'time', other: 'times' })}`,
  endsAt: 'ends',
  endsNever: 'never ends',
  states: { open: 'Open', revoked: 'Revoked', used: 'Used up', ended: 'Ended' },
  revoke: 'Revoke',
  revokeNamed: (note: string) => `Revoke the invitation “${note}”`,
  revoking: 'Revoking…',
  revoked: 'Revoked: nobody can use this link any more.',
}
