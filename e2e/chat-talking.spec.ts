import { composer, expect, row, rows, say, startThread, test, texts, write } from './fixtures.ts'

test('two people on two instances talk, and see each other write, change and take back', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'migration', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])

  await write(ada.page, 'The flock leaves at dawn.')
  await expect(texts(ben.page)).toHaveText(['The flock leaves at dawn.'])
  await expect(row(ben.page, 'The flock')).toContainText('Ada')

  await composer(ben.page).pressSequentially('Which')
  await expect(ada.page.getByText('Ben is typing…')).toBeVisible()
  await write(ben.page, 'Which lake **first**?')
  await expect(texts(ada.page)).toHaveText(['The flock leaves at dawn.', 'Which lake first?'])
  await expect(row(ada.page, 'Which lake').locator('strong')).toHaveText('first')
  await expect(ada.page.getByText('Ben is typing…')).toBeHidden()

  // Ada thinks better of her first sentence.
  await row(ada.page, 'The flock').hover()
  await ada.page.getByRole('button', { name: 'Edit', exact: true }).click()
  await ada.page.getByRole('textbox', { name: 'Edit message' }).fill('The flock leaves at noon.')
  await ada.page.keyboard.press('Enter')
  await expect(row(ben.page, 'The flock leaves at noon.')).toContainText('edited')
  await row(ben.page, 'The flock')
    .getByRole('button', { name: /^Edited/ })
    .click()
  const history = ben.page.getByRole('dialog', { name: 'What it said' })
  await expect(history).toContainText('The flock leaves at dawn.')
  await ben.page.keyboard.press('Escape')
  await expect(history).toBeHidden()

  // Ben takes his back: it is gone for him at once, for everyone once nobody undid it.
  const remove = async () => {
    await row(ben.page, 'Which lake').hover()
    await ben.page.getByRole('button', { name: 'More' }).click()
    await ben.page.getByRole('menuitem', { name: 'Delete' }).click()
  }
  await remove()
  await expect(row(ben.page, 'Which lake')).toBeHidden()
  await ben.page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(ben.page, 'Which lake')).toBeVisible()
  await remove()
  await expect(row(ada.page, 'This message was deleted.')).toBeVisible({ timeout: 15_000 })
  await expect(row(ada.page, 'Which lake')).toBeHidden()
  await expect(rows(ada.page)).toHaveCount(2)
})

test('the sidebar is bold for what is unread, counts who calls me, and says who is here', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const loud = await startThread(ada, 'loud', [ben])
  const quiet = await startThread(ada, 'quiet', [ben])
  const { thread: direct } = await ada.api.threads.create.mutate({
    clientId: 'direct',
    kind: 'direct',
    participantIds: [ben.user.id],
  })
  await ben.open(quiet)
  const link = (name: string) => ben.page.locator(`[data-thread-link="${name}"]`)
  await expect(link(loud.id)).toHaveAccessibleName('loud')
  await expect(link(direct.id)).toHaveAccessibleName(/^Ada, Offline/)

  await ada.page.goto('/threads')
  await expect(link(direct.id)).toHaveAccessibleName(/^Ada, Online/)

  await say(ada, loud, 'something', `@${ben.user.handle} look`)
  await expect(link(loud.id)).toHaveAccessibleName('loud, 2 unread, 1 mention')
  await expect(link(loud.id)).toHaveText(/loud\s*1$/)
  await expect(link(loud.id)).toHaveCSS('font-weight', '700')
  await expect(link(quiet.id)).not.toHaveCSS('font-weight', '700')
  await say(ada, direct, 'one', 'two')
  await expect(link(direct.id)).toHaveAccessibleName('Ada, Online, 2 unread')
  await expect(link(direct.id)).toHaveText(/2$/)

  await link(loud.id).click()
  await expect(texts(ben.page)).toHaveCount(2)
  await expect(link(loud.id)).toHaveAccessibleName('loud')
  await expect(ben.page.locator('.mention-me')).toHaveText(`@${ben.user.handle}`)
})
