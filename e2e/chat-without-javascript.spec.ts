import { composer, expect, password, say, startThread, test, texts } from './fixtures.ts'

test('signing in, reading and writing work without JavaScript', async ({ arrive, stranger }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'plain', [ben])
  await say(ada, thread, 'Read **this** without any script.')
  await ben.open(thread)

  const { page } = await stranger({ javaScriptEnabled: false })
  await page.goto(`/threads/${thread.id}`)
  await page.getByLabel('E-mail').fill(ada.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(new RegExp(`/threads/${thread.id}$`))
  await expect(texts(page)).toHaveText(['Read this without any script.'])
  await expect(texts(page).locator('strong')).toHaveText('this')
  await expect(page.getByRole('link', { name: /^plain/ })).toBeVisible()

  await composer(page).fill('Written without any script.')
  await page.getByRole('button', { name: 'Send' }).click()
  const both = ['Read this without any script.', 'Written without any script.']
  await expect(texts(page)).toHaveText(both)
  await expect(composer(page)).toHaveValue('')
  await expect(texts(ben.page)).toHaveText(both)

  // Reloading does not send it again.
  await page.reload()
  await expect(texts(page)).toHaveText(both)
})
