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

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page beside the chat can be used by everyone, on a small screen, ${colorScheme}`, async ({
    arrive,
    cluster,
    stranger,
  }) => {
    const small = { colorScheme, viewport: { width: 360, height: 740 } }
    const faults: string[] = []
    const outside = await stranger(small)
    outside.complaints.expected.push(/status of 404/)
    for (const path of ['/', '/sign-in?to=/people', '/sign-up', '/join/abc', '/no/such/page'])
      faults.push(...(await findFaults(outside.page, path)))

    const ada = await arrive('Ada', small)
    const ben = await arrive('Ben', small)
    const thread = await startThread(ada, 'crew', [ben])
    await ada.page.goto('/people')
    await isLive(ada.page)
    for (const path of [
      '/people',
      '/people?q=nobody-is-called-this',
      `/people/${ben.user.id}`,
      '/account',
      '/account/profile',
      '/account/tokens',
      '/threads/new',
      '/threads/browse',
      '/threads/browse?q=no-such-thread',
      '/threads/archived',
      `/threads/${thread.id}/details`,
      '/sign-out',
    ])
      faults.push(...(await findFaults(ada.page, path)))

    await outside.page.goto('/sign-in?to=/server')
    await signIn(outside.page, cluster.ownerEmail)
    await isLive(outside.page)
    faults.push(...(await findFaults(outside.page, '/server')))
    expect(faults).toEqual([])
  })
}
