import { randomUUID } from 'node:crypto'
import {
  test as base,
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import type { Self } from '../server/features/people/people.schema.ts'
import type { MyThread } from '../server/features/threads/threads.schema.ts'
import type { AppRouter } from '../server/router.ts'
import { addressHeader, startCluster, type Cluster, type Instance } from './cluster.ts'
import { isHearing, watchPage, type Complaints } from './watch-page.ts'

export { expect } from '@playwright/test'

/** Everyone's. */
export const password = 'four geese over the lake'

export interface ArriveOptions extends BrowserContextOptions {
  /** Which of the two instances they reach. */
  on?: 0 | 1
}

/** Somebody with an account and a browser. */
export interface Visitor {
  readonly user: Self
  readonly email: string
  readonly context: BrowserContext
  readonly page: Page
  readonly instance: Instance
  /** What they could ask without a browser. */
  readonly api: TRPCClient<AppRouter>
  /** What the browser complained of on any of their pages; has to be empty when the test ends. */
  readonly complaints: Complaints
  /** Another page in the same browser, watched as well. */
  newPage: () => Promise<Page>
  /** Opens a thread and waits until the page is live. */
  open: (thread: { id: string }, search?: string) => Promise<void>
}

export interface Arrival {
  (name: string, options?: ArriveOptions): Promise<Visitor>
}

interface TestFixtures {
  /** Signs somebody up and gives them a browser. */
  arrive: Arrival
  /** Somebody without an account, in a browser of their own. */
  stranger: (options?: ArriveOptions) => Promise<Pick<Visitor, 'context' | 'page' | 'complaints'>>
}

export const test = base.extend<TestFixtures, { cluster: Cluster & { ownerEmail: string } }>({
  cluster: [
    // The first argument of a fixture says what it needs: nothing.
    async ({}, use) => {
      const cluster = await startCluster()
      // Whoever comes first owns the server; the cast of the tests are ordinary people.
      const { email: ownerEmail } = await signUp(cluster.instances[0], 'Olive')
      await use({ ...cluster, ownerEmail })
      await cluster.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  stranger: async ({ cluster, browser }, use) => {
    const opened: Awaited<ReturnType<typeof openBrowser>>[] = []
    await use(async ({ on = 0, ...options } = {}) => {
      const visit = await openBrowser(browser, cluster.instances[on], options)
      opened.push(visit)
      return visit
    })
    await leave(opened)
  },

  arrive: async ({ cluster, browser }, use) => {
    const opened: Visitor[] = []
    await use(async (name, { on = 0, ...options } = {}) => {
      const instance = cluster.instances[on]
      const { user, email, cookie } = await signUp(instance, name)
      const visit = await openBrowser(browser, instance, options)
      const [cookieName = '', value = ''] = cookie.split('=')
      await visit.context.addCookies([{ name: cookieName, value, url: instance.url }])
      const api = apiOf(instance, cookie)
      const open = async (thread: { id: string }, search = '') => {
        await visit.page.goto(`/threads/${thread.id}${search}`)
        await isLive(visit.page)
      }
      const visitor = { ...visit, user, email, instance, api, open }
      opened.push(visitor)
      return visitor
    })
    await leave(opened)
  },
})

async function openBrowser(browser: Browser, { url }: Instance, options: BrowserContextOptions) {
  const context = await browser.newContext({
    baseURL: url,
    extraHTTPHeaders: { [addressHeader]: anAddress() },
    ...options,
  })
  const complaints: Complaints = { list: [], expected: [] }
  const newPage = async () => {
    const page = await context.newPage()
    await watchPage(page, url, complaints)
    return page
  }
  return { context, complaints, page: await newPage(), newPage }
}

async function leave(
  visits: readonly { context: BrowserContext; complaints: Complaints }[],
): Promise<void> {
  for (const { context } of visits) await context.close()
  for (const { complaints } of visits) expect(complaints.list, 'the browser complained').toEqual([])
}

/** Waits until whatever happens elsewhere reaches the page. */
export async function isLive(page: Page): Promise<void> {
  await expect.poll(() => isHearing(page), { intervals: [20, 50, 100] }).toBe(true)
}

async function signUp(
  instance: Instance,
  name: string,
): Promise<{ user: Self; email: string; cookie: string }> {
  const handle = `${name.toLowerCase().split(' ')[0]}-${randomUUID().slice(0, 8)}`
  const email = `${handle}@example.org`
  const response = await fetch(`${instance.url}/trpc/auth.signUp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: instance.url,
      [addressHeader]: anAddress(),
    },
    body: JSON.stringify({ email, password, name, handle }),
  })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (!response.ok || !cookie) throw new Error(`sign-up: ${await response.text()}`)
  const api = apiOf(instance, cookie)
  return { user: (await api.auth.me.query()).user, email, cookie }
}

function apiOf({ url }: Instance, cookie: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${url}/trpc`, headers: { cookie, origin: url }, maxItems: 10 })],
  })
}

let addresses = 0

/** Of the network that is set aside for tests of networks. */
function anAddress(): string {
  addresses++
  return `198.18.${(addresses >> 8) & 255}.${addresses & 255}`
}

/** A thread of one person, with others in it. */
export async function startThread(
  owner: Visitor,
  title: string,
  others: readonly Visitor[] = [],
): Promise<MyThread> {
  const { thread } = await owner.api.threads.create.mutate({
    clientId: randomUUID(),
    kind: 'private',
    title,
    participantIds: others.map(({ user }) => user.id),
  })
  return thread
}

/** Messages, one after the other. */
export async function say(author: Visitor, thread: { id: string }, ...texts: string[]) {
  const sent = []
  for (const text of texts) {
    const { message } = await author.api.messages.send.mutate({
      threadId: thread.id,
      clientId: randomUUID(),
      text,
    })
    sent.push(message)
  }
  return sent
}

/** What the timeline shows, in the order in which it shows it. */
export function rows(page: Page): Locator {
  return page.locator('[data-message]')
}

/** The texts of the messages, top to bottom. */
export function texts(page: Page): Locator {
  return page.locator('[data-message] .prose-message')
}

/** The row of a message. */
export function row(page: Page, text: string): Locator {
  return rows(page).filter({ hasText: text })
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message to/ })
}

/** Types a message and sends it. */
export async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}
