import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, isLive, startThread, test } from './fixtures.ts'
import { signIn } from './sign-in.ts'

async function findFaults(page: Page, path: string): Promise<string[]> {
  await page.goto(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
  await expect(page).toHaveTitle(/ · Skein$|^Skein$/)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  return [
    ...violations.map(({ id, nodes }) => `${path}: ${id} ${nodes[0]?.target.join(' ') ?? ''}`),
    ...(overflow > 0 ? [`${path}: wider than the screen by ${overflow}`] : []),
  ]
}

async function findFaultsOn(page: Page, paths: readonly string[]): Promise<string[]> {
  const faults: string[] = []
  for (const path of paths) faults.push(...(await findFaults(page, path)))
  return faults
}

for (const colorScheme of ['light', 'dark'] as const) {
  const small = { colorScheme, viewport: { width: 360, height: 740 } }
  const title = (pages: string) =>
    `${pages} can be used by everyone, on a small screen, ${colorScheme}`

  test(title('what a stranger sees'), async ({ stranger }) => {
    const { page, complaints } = await stranger(small)
    complaints.expected.push(/status of 404/)
    const paths = ['/', '/sign-in?to=/people', '/sign-up', '/join/abc', '/no/such/page']
    expect(await findFaultsOn(page, paths)).toEqual([])
  })

  test(title('people and one’s own account'), async ({ arrive }) => {
    const ada = await arrive('Ada', small)
    await ada.page.goto('/people')
    await isLive(ada.page)
    const paths = [
      '/people',
      '/people?q=nobody-is-called-this',
      `/people/${ada.user.id}`,
      '/account',
      '/account/profile',
      '/account/tokens',
      '/sign-out',
    ]
    expect(await findFaultsOn(ada.page, paths)).toEqual([])
  })

  test(title('finding, starting and arranging threads'), async ({ arrive }) => {
    const ada = await arrive('Ada', small)
    const ben = await arrive('Ben', small)
    const thread = await startThread(ada, 'crew', [ben])
    await ada.page.goto('/threads/new')
    await isLive(ada.page)
    const paths = [
      '/threads/new',
      '/threads/browse',
      '/threads/browse?q=no-such-thread',
      '/threads/archived',
      `/threads/${thread.id}/details`,
    ]
    expect(await findFaultsOn(ada.page, paths)).toEqual([])
  })

  test(title('what owners see'), async ({ arrive, cluster, stranger }) => {
    const ada = await arrive('Ada')
    const owner = await stranger(small)
    await owner.page.goto('/sign-in?to=/server')
    await signIn(owner.page, cluster.ownerEmail)
    await isLive(owner.page)
    const paths = ['/server', `/people/${ada.user.id}`]
    expect(await findFaultsOn(owner.page, paths)).toEqual([])
  })
}

test('whoever changes their mind while a page is being read gets what they wanted last', async ({
  arrive,
}) => {
  const { page, context } = await arrive('Ada')
  let brokenOff = 0
  page.on('requestfailed', () => brokenOff++)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  const links = page.getByRole('navigation', { name: 'Threads and people' })
  await page.goto('/threads')
  await isLive(page)
  // So slow that the beginning of an answer is there long before its end.
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 100,
    downloadThroughput: 8_000,
    uploadThroughput: 50_000,
  })
  for (const patience of [20, 150, 250]) {
    await links.getByRole('link', { name: 'People' }).click()
    await page.waitForTimeout(patience)
    await links.getByRole('link', { name: 'Browse threads' }).click()
    await page.waitForTimeout(patience)
    await links.getByRole('link', { name: 'People' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('People')
    await expect(page).toHaveURL(/\/people$/)
    await page.goBack()
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('People')
  }
  expect(brokenOff).toBeGreaterThan(0)
})
