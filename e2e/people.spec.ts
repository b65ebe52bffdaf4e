import { expect, isLive, rows, test, write } from './fixtures.ts'

test('what somebody says of themselves is seen by whoever looks at them, as it changes', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  // A handle is an address, too.
  await ben.page.goto(`/people/@${ada.user.handle}`)
  await expect(ben.page).toHaveURL(`/people/${ada.user.id}`)
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('Ada')
  await isLive(ben.page)

  await ada.page.goto('/account/profile')
  await ada.page.getByLabel('Name').fill('Ada Lovelace')
  await ada.page.getByLabel('Title').fill('Engines')
  await ada.page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await ada.page.getByRole('button', { name: 'Save profile' }).click()
  await expect(ada.page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  await expect(ben.page.getByRole('heading', { level: 1 })).toHaveText('Ada Lovelace')
  await expect(ben.page.getByText('Engines')).toBeVisible()
  await expect(ben.page.getByText('Asia/Tokyo')).toBeVisible()

  await ada.page.getByRole('button', { name: 'In a meeting' }).click()
  await expect(ben.page.getByText('🗓️ In a meeting')).toBeVisible()
  await expect(ben.page.getByText('until')).toBeVisible()
  await ada.page.getByLabel('Emoji').fill('🪿')
  await ada.page.getByLabel('What are you up to?').fill('Counting geese')
  await ada.page.getByLabel('Clear it').selectOption('At the end of today')
  await ada.page.getByRole('button', { name: 'Set status' }).click()
  await expect(ben.page.getByText('🪿 Counting geese')).toBeVisible()
  await ada.page.getByRole('button', { name: 'Clear status' }).click()
  await expect(ben.page.getByText('🪿 Counting geese')).toBeHidden()
})

test('a handle that somebody has cannot be taken, and what was typed stays', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben')
  ben.complaints.expected.push(/status of 409/)
  await ben.page.goto('/account/profile')
  const handle = ben.page.getByLabel('Handle')
  await handle.fill(ada.user.handle)
  await ben.page.getByRole('button', { name: 'Save profile' }).click()
  await expect(handle).toHaveAccessibleDescription(/This handle is taken/)
  await expect(handle).toBeFocused()
  await expect(handle).toHaveValue(ada.user.handle)
})

test('from a person found by name it is one click to a direct thread, the same one each time', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Benedikta')
  await ada.page.goto('/people')
  await isLive(ada.page)
  await ada.page.getByRole('searchbox').pressSequentially(ben.user.handle)
  await expect(ada.page.getByText('1 person')).toBeVisible()
  await ada.page.getByRole('link', { name: /Benedikta/ }).click()
  await ada.page.getByRole('button', { name: 'Message' }).click()
  await expect(ada.page).toHaveURL(/\/threads\/[0-9a-f-]{36}$/)
  const address = ada.page.url()
  await write(ada.page, 'Hello!')
  await expect(rows(ada.page)).toHaveCount(1)

  await ada.page.goto(`/people/${ben.user.id}`)
  await ada.page.getByRole('button', { name: 'Message' }).click()
  await expect(ada.page).toHaveURL(address)
})

test('somebody who is not here has no profile', async ({ arrive }) => {
  const ada = await arrive('Ada')
  ada.complaints.expected.push(/status of 404/)
  await ada.page.goto('/people/nobody-is-called-this')
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Nothing here')
  // Within the shell: the way on is still there.
  await expect(ada.page.getByRole('navigation', { name: 'Threads and people' })).toBeVisible()
})

test('a page that cannot be fetched says so, and is there once the line is back', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  ada.complaints.expected.push(/ERR_INTERNET_DISCONNECTED|WebSocket|Failed to fetch/)
  await ada.page.goto('/people')
  await isLive(ada.page)
  await ada.page.getByRole('link', { name: 'Browse threads' }).click()
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Browse threads')
  await ada.context.setOffline(true)
  await ada.page.getByRole('link', { name: 'People' }).click()
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('No answer')
  await expect(ada.page.getByRole('main')).toHaveCount(1)
  await ada.context.setOffline(false)
  await ada.page.getByRole('link', { name: 'Try again' }).click()
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('People')
})
