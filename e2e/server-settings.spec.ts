import type { Page } from '@playwright/test'
import { expect, isLive, test } from './fixtures.ts'
import { signIn, signUp, somebody } from './sign-in.ts'

async function chooseSignUp(page: Page, policy: string): Promise<void> {
  await page.goto('/server')
  await page.getByRole('radio', { name: policy }).check()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
}

test('the owner closes sign-up, and whoever has an invitation link still comes in', async ({
  cluster,
  stranger,
}) => {
  const owner = await stranger()
  owner.complaints.expected.push(/status of 4\d\d/)
  await owner.page.goto('/sign-in?to=/server')
  await signIn(owner.page, cluster.ownerEmail)
  await expect(owner.page.getByRole('heading', { level: 1 })).toHaveText('Server')
  await isLive(owner.page)
  await chooseSignUp(owner.page, 'By invitation')

  await owner.page.getByLabel('For whom?').fill('Gwen')
  await owner.page.getByLabel('How often').fill('1')
  await owner.page.getByRole('button', { name: 'Create link' }).click()
  const link = await owner.page.getByLabel('Your new invitation link').inputValue()
  const { pathname } = new URL(link)
  expect(pathname).toMatch(/^\/join\/.{20,}/)

  const gwen = await stranger({ on: 1 })
  gwen.complaints.expected.push(/status of 4\d\d/)
  await gwen.page.goto('/')
  await expect(gwen.page.getByRole('link', { name: 'Create an account' })).toBeHidden()
  await gwen.page.goto('/sign-up')
  await signUp(gwen.page, somebody('Gwen'))
  await expect(gwen.page.getByRole('alert')).toContainText('You need an invitation link')
  await gwen.page.goto(pathname)
  await expect(gwen.page.getByRole('heading', { level: 1 })).toHaveText('You are invited')
  await signUp(gwen.page, somebody('Gwen'))
  await expect(gwen.page).toHaveURL(/\/threads$/)

  // It was for one.
  const second = await stranger()
  second.complaints.expected.push(/status of 4\d\d/)
  await second.page.goto(pathname)
  await signUp(second.page, somebody('Hugo'))
  await expect(second.page.getByRole('alert')).toContainText('This invitation is used up')
  await owner.page.reload()
  const row = owner.page.getByRole('listitem').filter({ hasText: 'Used 1 of 1 time' })
  await expect(row).toContainText('Used up')

  await owner.page.getByLabel('For whom?').fill('Nobody')
  await owner.page.getByRole('button', { name: 'Create link' }).click()
  const revoked = await owner.page.getByLabel('Your new invitation link').inputValue()
  await owner.page.getByRole('button', { name: 'Revoke the invitation “Nobody”' }).click()
  await expect(
    owner.page.getByRole('listitem').filter({ hasText: 'Nobody' }).getByText('Revoked'),
  ).toBeVisible()
  await second.page.goto(new URL(revoked).pathname)
  await signUp(second.page, somebody('Hugo'))
  await expect(second.page.getByRole('alert')).toContainText('This invitation is used up')

  // Others share this server: open again.
  await chooseSignUp(owner.page, 'Anyone')
})

test('e-mail domains are asked for before sign-up is bound to them', async ({
  cluster,
  stranger,
}) => {
  const owner = await stranger()
  owner.complaints.expected.push(/status of 400/)
  await owner.page.goto('/sign-in?to=/server')
  await signIn(owner.page, cluster.ownerEmail)
  await isLive(owner.page)
  await owner.page.getByRole('radio', { name: 'Certain e-mail domains' }).check()
  await owner.page.getByRole('button', { name: 'Save changes' }).click()
  const domains = owner.page.getByRole('textbox', { name: 'E-mail domains' })
  await expect(domains).toBeFocused()
  await expect(domains).toHaveAccessibleDescription(/Enter at least one domain/)
})

test('the server is not for members to set', async ({ arrive }) => {
  const ada = await arrive('Ada')
  ada.complaints.expected.push(/status of 403/)
  await ada.page.goto('/server')
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Not for you')
})

test('the owner names an admin, who may invite; and shuts an account, which ends at once', async ({
  arrive,
  cluster,
  stranger,
}) => {
  const owner = await stranger()
  const ada = await arrive('Ada', { on: 1 })
  ada.complaints.expected.push(/status of 401/)
  await owner.page.goto(`/sign-in?to=/people/${ada.user.id}`)
  await signIn(owner.page, cluster.ownerEmail)
  await isLive(owner.page)
  await owner.page.getByRole('radio', { name: 'Admin' }).check()
  await owner.page.getByRole('button', { name: 'Change role' }).click()
  await expect(owner.page.getByRole('main').getByText('Admin').first()).toBeVisible()
  await expect(owner.page.getByRole('status').filter({ hasText: 'Done' })).toBeVisible()

  await ada.page.goto('/server')
  await isLive(ada.page)
  await expect(ada.page.getByLabel('Name of this server')).toBeDisabled()
  await expect(ada.page.getByRole('button', { name: 'Save changes' })).toBeHidden()
  await expect(ada.page.getByRole('button', { name: 'Create link' })).toBeVisible()

  await owner.page.getByText('Deactivate…').click()
  await owner.page.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await expect(owner.page.getByText('Ada cannot sign in at present.')).toBeVisible()
  await expect(ada.page).toHaveURL(/\/sign-in/)
  await signIn(ada.page, ada.email)
  await expect(ada.page.getByRole('alert')).toContainText('do not go together')
  await owner.page.getByRole('button', { name: 'Reactivate' }).click()
  await expect(owner.page.getByText('Deactivate…')).toBeVisible()
  await signIn(ada.page, ada.email)
  await expect(ada.page).toHaveURL(/\/server$/)
})
