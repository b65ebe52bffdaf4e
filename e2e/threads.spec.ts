import { expect, isLive, startThread, test, texts, write } from './fixtures.ts'

test('an open thread shows up for whoever browses, who joins and talks in it', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  await ben.page.goto('/threads/browse')
  await isLive(ben.page)

  const title = `lakes-${crypto.randomUUID().slice(0, 8)}`
  await ada.page.goto('/threads/new')
  await ada.page.getByLabel('Title').fill(title)
  await ada.page.getByLabel('Topic (optional)').fill('Where we land')
  await ada.page.getByRole('button', { name: 'Start thread' }).click()
  await expect(ada.page).toHaveURL(/\/threads\/[0-9a-f-]{36}$/)

  await ben.page.getByRole('button', { name: `Join ${title}` }).click()
  await expect(ben.page).toHaveURL(ada.page.url().replace(ada.instance.url, ben.instance.url))
  await write(ben.page, 'Here I am.')
  await expect(texts(ada.page)).toHaveText(['Here I am.'])
})

test('a private thread is started with people who were found by typing', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const cleo = await arrive('Cleo')
  await ben.page.goto('/threads')
  await isLive(ben.page)
  await ada.page.goto('/threads/new')
  await isLive(ada.page)
  await ada.page.getByRole('radio', { name: 'Private' }).check()
  await ada.page.getByLabel('Title').fill('surprise')
  const people = ada.page.getByRole('combobox', { name: /^People/ })
  await people.pressSequentially(ben.user.handle)
  await expect(ada.page.getByRole('option', { name: /^Ben/ })).toBeVisible()
  await people.press('Enter')
  await expect(people).toHaveValue('')
  // A handle that is only typed is understood as well.
  await people.fill(`@${cleo.user.handle}`)
  await people.press('Escape')
  await ada.page.getByRole('button', { name: 'Start thread' }).click()

  await expect(ada.page).toHaveURL(/\/threads\/[0-9a-f-]{36}$/)
  await expect(ben.page.getByRole('link', { name: /^surprise/ })).toBeVisible()
  const threadId = new URL(ada.page.url()).pathname.split('/').at(-1) ?? ''
  const { participants } = await ada.api.threads.participants.list.query({ threadId })
  expect(participants.map(({ person }) => person.name).sort()).toEqual(['Ada', 'Ben', 'Cleo'])
})

test('a thread without a title, or with people who are not here, is not started', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  ada.complaints.expected.push(/status of 400/)
  await ada.page.goto('/threads/new')
  await isLive(ada.page)
  await ada.page.getByRole('button', { name: 'Start thread' }).click()
  const title = ada.page.getByLabel('Title')
  await expect(title).toBeFocused()
  await expect(title).toHaveAccessibleDescription(/Enter a title/)
  await title.fill('geese')
  await ada.page.getByRole('combobox', { name: /^People/ }).fill('@no-such-goose')
  await ada.page.getByRole('button', { name: 'Start thread' }).click()
  await expect(ada.page.getByText('Nobody here is called @no-such-goose.')).toBeVisible()
  await expect(title).toHaveValue('geese')
})

test('participants are added, given a role and removed, and everyone sees it as it happens', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const cleo = await arrive('Cleo', { on: 1 })
  const thread = await startThread(ada, 'crew', [ben])
  await ben.page.goto(`/threads/${thread.id}/details`)
  await isLive(ben.page)
  await cleo.page.goto('/threads')
  await isLive(cleo.page)
  cleo.complaints.expected.push(/status of 404/)

  await ada.page.goto(`/threads/${thread.id}/details`)
  await isLive(ada.page)
  const add = ada.page.getByRole('combobox', { name: 'Add people' })
  await add.pressSequentially(cleo.user.handle)
  await ada.page.getByRole('option', { name: /^Cleo/ }).click()
  await ada.page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(ben.page.getByRole('main').getByText(`@${cleo.user.handle}`)).toBeVisible()
  await expect(cleo.page.getByRole('link', { name: /^crew/ })).toBeVisible()
  await cleo.page.goto(`/threads/${thread.id}/details`)
  await isLive(cleo.page)
  await expect(cleo.page.getByRole('heading', { level: 1 })).toHaveText('crew')

  // Ben is a member: he may bring people in, and nothing more.
  await expect(ben.page.getByRole('combobox', { name: 'Add people' })).toBeVisible()
  await expect(ben.page.getByRole('button', { name: /^Role of/ })).toHaveCount(0)
  await expect(ben.page.getByRole('button', { name: 'Archive thread' })).toBeHidden()

  await ada.page.getByRole('button', { name: 'Role of Ben: Member' }).click()
  await ada.page.getByRole('menuitemradio', { name: /^Moderator/ }).click()
  await expect(ada.page.getByText('Ben is now: Moderator.')).toBeVisible()
  await expect(ben.page.getByRole('button', { name: 'Role of Cleo: Member' })).toBeVisible()
  // A moderator does not touch an owner.
  await expect(ben.page.getByRole('button', { name: /^Role of Ada/ })).toHaveCount(0)

  await ada.page.getByRole('button', { name: 'Role of Cleo: Member' }).click()
  await ada.page.getByRole('menuitem', { name: 'Remove Cleo' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Remove Cleo?' })
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(ada.page.getByText('Cleo was removed.')).toBeVisible()
  await expect(ben.page.getByRole('main').getByText(`@${cleo.user.handle}`)).toBeHidden()
  await expect(cleo.page.getByRole('link', { name: /^crew/ })).toBeHidden()
  await expect(cleo.page.getByRole('heading', { level: 1 })).toHaveText('Nothing here')
})

test('a thread is renamed, archived, restored and left', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'plans', [ben])
  await ben.page.goto('/threads')
  await isLive(ben.page)
  await ada.page.goto(`/threads/${thread.id}/details`)
  await isLive(ada.page)
  await ada.page.getByLabel('Title').fill('grand plans')
  await ada.page.getByRole('button', { name: 'Save' }).click()
  await expect(ben.page.getByRole('link', { name: /^grand plans/ })).toBeVisible()

  await ada.page.getByRole('button', { name: 'Archive thread' }).click()
  await expect(ada.page.getByText('It is archived')).toBeVisible()
  await expect(ben.page.getByRole('link', { name: /^grand plans/ })).toBeHidden()
  await ben.page.goto('/threads/archived')
  await expect(ben.page.getByRole('main').getByRole('link', { name: /^grand plans/ })).toBeVisible()
  await ada.page.getByRole('button', { name: 'Restore thread' }).click()
  await expect(ada.page.getByRole('button', { name: 'Archive thread' })).toBeVisible()
  await expect(ben.page.getByText('Nothing archived')).toBeVisible()

  await ben.page.goto(`/threads/${thread.id}/details`)
  await ben.page.getByText('Leave thread…').click()
  await ben.page.getByRole('button', { name: 'Leave thread', exact: true }).click()
  await expect(ben.page).toHaveURL(/\/threads$/)
  await expect(ben.page.getByRole('link', { name: /^grand plans/ })).toBeHidden()
})
