import { composer, expect, isLive, password, say, startThread, test, texts } from './fixtures.ts'
import { signIn, signUp, somebody } from './sign-in.ts'

const refused = /the server responded with a status of 4\d\d/

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without'

  test(`somebody signs up, signs out and comes back to the page they wanted, ${how} JavaScript`, async ({
    stranger,
  }) => {
    const { page, complaints } = await stranger({ javaScriptEnabled })
    complaints.expected.push(refused)
    const nora = somebody('Nora')
    await page.goto('/')
    await page.getByRole('link', { name: 'Create an account' }).click()

    // A mistake first: what was typed stays, the field says what is wrong, and the focus is there.
    await signUp(page, { ...nora, handle: 'Not a handle!', password: 'short' })
    const handle = page.getByLabel('Handle')
    await expect(handle).toHaveAttribute('aria-invalid', 'true')
    await expect(handle).toHaveAccessibleDescription(/1 to 30 small letters/)
    await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
      /Use at least 10 characters/,
    )
    await expect(page.getByLabel('E-mail address')).toHaveValue(nora.email)
    if (javaScriptEnabled) await expect(handle).toBeFocused()

    await signUp(page, nora)
    await expect(page).toHaveURL(/\/threads$/)
    const kept = () =>
      page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('skein:')))
    if (javaScriptEnabled) {
      await isLive(page)
      await page.getByRole('link', { name: /^general/ }).click()
      await composer(page).fill('Half a thought')
      await expect.poll(kept).not.toEqual([])
    }

    await page.goto('/sign-out')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(/\/$/)
    // Nothing that was written stays for whoever uses this browser next.
    if (javaScriptEnabled) expect(await kept()).toEqual([])
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Skein talks here.')

    await page.goto('/people?q=nora')
    await expect(page).toHaveURL('/sign-in?to=%2Fpeople%3Fq%3Dnora')
    await signIn(page, nora.email, 'not the password')
    await expect(page.getByRole('alert')).toContainText('do not go together')
    await expect(page.getByLabel('E-mail address')).toHaveValue(nora.email)
    await signIn(page, nora.email)
    await expect(page).toHaveURL('/people?q=nora')
    await expect(page.getByRole('link', { name: `Nora @${nora.handle}` })).toBeVisible()
  })
}

test('without JavaScript somebody finds an open thread, joins it and reads it', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { javaScriptEnabled: false })
  const title = `lakes-${crypto.randomUUID().slice(0, 8)}`
  const { thread } = await ada.api.threads.create.mutate({
    clientId: title,
    kind: 'open',
    title,
  })
  await say(ada, thread, 'There is ice on the lake.')
  await ben.page.goto('/threads')
  await ben.page.getByRole('link', { name: 'Browse threads' }).first().click()
  await ben.page.getByRole('searchbox').fill(title)
  await ben.page.getByRole('button', { name: 'Search' }).click()
  await ben.page.getByRole('button', { name: `Join ${title}` }).click()
  await expect(ben.page).toHaveURL(`/threads/${thread.id}`)
  await expect(ben.page.getByText('There is ice on the lake.')).toBeVisible()
})

test('a sign-in link never leads to another site', async ({ arrive, stranger }) => {
  const ada = await arrive('Ada')
  for (const to of [
    '//evil.example/',
    '/\\evil.example',
    'https://evil.example',
    '/.//evil.example',
  ]) {
    const { page } = await stranger({ javaScriptEnabled: false })
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`)
    await signIn(page, ada.email)
    await expect(page).toHaveURL(`${ada.instance.url}/threads`)
  }
})

test('a device that is signed out from another one is out at once', async ({
  arrive,
  stranger,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'keys')
  const lost = await stranger({ on: 1 })
  lost.complaints.expected.push(refused)
  await lost.page.goto(`/sign-in?to=/threads/${thread.id}`)
  await signIn(lost.page, ada.email)
  await isLive(lost.page)
  await say(ada, thread, 'Where is my phone?')
  await expect(texts(lost.page)).toHaveText(['Where is my phone?'])

  await ada.page.goto('/account')
  const sessions = ada.page.getByRole('listitem').filter({ hasText: 'Last seen' })
  await expect(sessions).toHaveCount(2)
  await expect(sessions.filter({ hasText: 'This device' })).toHaveCount(1)
  await ada.page.getByRole('button', { name: /^Sign out .+ on / }).click()
  await expect(sessions).toHaveCount(1)
  await expect(lost.page).toHaveURL(/\/sign-in\?to=/)
  // Ada herself stays.
  await ada.page.reload()
  await expect(sessions).toHaveCount(1)
})

test('a new password signs out everywhere else, and the old one no longer opens', async ({
  arrive,
  stranger,
}) => {
  const ada = await arrive('Ada')
  const other = await stranger()
  other.complaints.expected.push(refused)
  ada.complaints.expected.push(refused)
  await other.page.goto('/sign-in')
  await signIn(other.page, ada.email)
  await isLive(other.page)

  await ada.page.goto('/account')
  const current = ada.page.getByLabel('Current password')
  await current.fill('something else')
  await ada.page.getByLabel('New password').fill('five geese over the hill')
  await ada.page.getByRole('button', { name: 'Change password' }).click()
  await expect(current).toHaveAccessibleDescription('The current password is not right.')
  await expect(current).toBeFocused()
  await current.fill(password)
  await ada.page.getByRole('button', { name: 'Change password' }).click()
  await expect(ada.page.getByText('Changed. Other devices are signed out.')).toBeVisible()
  await expect(current).toHaveValue('')

  await expect(other.page).toHaveURL(/\/sign-in/)
  await signIn(other.page, ada.email)
  await expect(other.page.getByRole('alert')).toContainText('do not go together')
  await signIn(other.page, ada.email, 'five geese over the hill')
  await expect(other.page).toHaveURL(/\/threads/)
})

test('an API token is shown once, speaks for its owner, and is refused once revoked', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  await ada.page.goto('/account/tokens')
  await isLive(ada.page)
  await ada.page.getByLabel('What is it for?').fill('build server')
  await ada.page.getByRole('button', { name: 'Create token' }).click()
  const secret = await ada.page.getByLabel('Your new token').inputValue()
  const ask = () =>
    fetch(`${ada.instance.url}/trpc/auth.me`, { headers: { authorization: `Bearer ${secret}` } })
  expect((await ask()).status).toBe(200)
  // What happens elsewhere meanwhile does not take it away before it was copied.
  const { token } = await ada.api.auth.tokens.create.mutate({ name: 'another' })
  const readAgain = ada.page.waitForResponse(/\/account\/tokens\.data/)
  await ada.api.auth.tokens.revoke.mutate({ tokenId: token.id })
  await readAgain
  await expect(ada.page.getByLabel('Your new token')).toHaveValue(secret)
  await ada.page.reload()
  await expect(ada.page.getByLabel('Your new token')).toBeHidden()
  await ada.page.getByRole('button', { name: 'Revoke build server' }).click()
  await expect(ada.page.getByText('No tokens yet')).toBeVisible()
  expect((await ask()).status).toBe(401)
})
