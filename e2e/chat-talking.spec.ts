import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import {
  composer,
  expect,
  isLive,
  password,
  row,
  rows,
  say,
  startThread,
  test,
  texts,
  write,
} from './fixtures.ts'

async function signUp(page: Page, name: string, code: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'Create an account' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Handle' }).fill(`${name.toLowerCase()}-${code}`)
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(`${name}-${code}@example.org`)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL(/\/threads$/)
  await isLive(page)
}

test('two newcomers on two instances sign up, find one thread, and talk', async ({ stranger }) => {
  const ada = await stranger()
  const ben = await stranger({ on: 1 })
  const code = randomUUID().slice(0, 8)
  await signUp(ada.page, 'Ada', code)
  await signUp(ben.page, 'Ben', code)

  await ada.page.getByRole('link', { name: 'New thread' }).first().click()
  await ada.page.getByRole('radio', { name: 'Open' }).check()
  await ada.page.getByRole('textbox', { name: 'Title' }).fill(`harbour ${code}`)
  await ada.page.getByRole('button', { name: 'Start thread' }).click()
  await expect(ada.page.getByRole('heading', { level: 1, name: `harbour ${code}` })).toBeVisible()
  await expect(ada.page.getByText('Nothing said yet')).toBeVisible()
  await write(ada.page, 'Anybody out there?')
  await expect(texts(ada.page)).toHaveText(['Anybody out there?'])

  await ben.page.getByRole('link', { name: 'Browse threads' }).first().click()
  await ben.page.getByRole('searchbox').fill(code)
  await ben.page.getByRole('button', { name: `Join harbour ${code}` }).click()
  await expect(texts(ben.page)).toHaveText(['Anybody out there?'])
  await expect(ben.page.getByRole('link', { name: new RegExp(`^harbour ${code}`) })).toBeVisible()
  await write(ben.page, 'Here, on the other instance.')
  const talk = ['Anybody out there?', 'Here, on the other instance.']
  await expect(texts(ada.page)).toHaveText(talk)
  await write(ada.page, 'Welcome.')
  await expect(texts(ben.page)).toHaveText([...talk, 'Welcome.'])
  await ben.page.reload()
  await expect(texts(ben.page)).toHaveText([...talk, 'Welcome.'])
})

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

test('a deletion that was not undone happens even when the page is closed at once', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'closing', [ben])
  await say(ada, thread, 'not for long', 'nor this')
  await Promise.all([ada.open(thread), ben.open(thread)])
  const remove = async (text: string) => {
    await row(ada.page, text).hover()
    await row(ada.page, text).getByRole('button', { name: 'More' }).click()
    await ada.page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(row(ada.page, text)).toBeHidden()
  }
  await remove('not for long')
  await ada.page.reload()
  await expect(row(ben.page, 'not for long')).toBeHidden()
  await expect(row(ada.page, 'nor this')).toBeVisible()
  await remove('nor this')
  await ada.page.close({ runBeforeUnload: true })
  await expect(row(ben.page, 'nor this')).toBeHidden()
  await expect(rows(ben.page)).toHaveText([/deleted/, /deleted/])
})
