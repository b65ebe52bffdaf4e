import {
  composer,
  expect,
  isLive,
  row,
  rows,
  say,
  startThread,
  test,
  texts,
  write,
} from './fixtures.ts'

/** What a browser says of its own accord while a line is down. */
const lineIsDown = /net::ERR_|WebSocket connection to/

test('who is removed while offline hears nothing of it on coming back', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'behind doors', [ben])
  const heard: string[] = []
  ben.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => heard.push(String(payload))),
  )
  await ben.open(thread)
  await say(ada, thread, 'still with us')
  await expect(texts(ben.page)).toHaveText(['still with us'])

  ben.complaints.expected.push(lineIsDown)
  await ben.context.setOffline(true)
  await say(ada, thread, 'while he is away')
  await ada.api.threads.participants.remove.mutate({ threadId: thread.id, userId: ben.user.id })
  await say(ada, thread, 'after he was removed')
  await ben.context.setOffline(false)
  await expect(ben.page.getByText('You are no longer here')).toBeVisible()
  // What comes later on the same line shows that nothing is merely late.
  const next = await startThread(ada, 'another', [ben])
  await expect(ben.page.locator(`[data-thread-link="${next.id}"]`)).toBeVisible()
  expect(heard.join()).not.toContain('after he was removed')
})

test('two tabs of one person send what both wrote offline, each message once', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'two tabs')
  const first = ada.page
  const second = await ada.newPage()
  await ada.open(thread)
  await second.goto(`/threads/${thread.id}`)
  await isLive(second)
  ada.complaints.expected.push(lineIsDown)
  await ada.context.setOffline(true)
  await write(first, 'one')
  await write(second, 'two')
  await write(first, 'three')
  const all = ['one', 'two', 'three']
  await expect(texts(second)).toHaveText(all)
  await ada.context.setOffline(false)
  await expect
    .poll(async () =>
      (await ada.api.messages.list.query({ threadId: thread.id })).messages.map(({ text }) => text),
    )
    .toEqual(all)
  for (const page of [first, second]) {
    await expect(texts(page)).toHaveText(all)
    await expect(page.getByText(/Sending…|Goes out/)).toHaveCount(0)
  }
})

test('in a burst from two sides everyone ends with the same order', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'burst', [ben])
  const aside = await startThread(ada, 'aside', [ben])
  await Promise.all([ada.open(thread), ben.open(thread)])
  const link = (id: string) => ben.page.locator(`[data-thread-link="${id}"]`)
  const many = (name: string) => Array.from({ length: 40 }, (_, index) => `${name} ${index}.`)
  await Promise.all([
    say(ada, thread, ...many('ada')),
    say(ben, thread, ...many('ben')),
    (async () => {
      for (let times = 0; times < 5; times++) {
        await link(aside.id).click()
        await expect(composer(ben.page)).toHaveAccessibleName('Message to aside')
        await link(thread.id).click()
        await expect(composer(ben.page)).toHaveAccessibleName('Message to burst')
      }
    })(),
  ])
  const { messages } = await ada.api.messages.list.query({ threadId: thread.id, limit: 100 })
  expect(messages).toHaveLength(80)
  const order = messages.map(({ text }) => text)
  await expect(texts(ada.page)).toHaveText(order)
  await expect(row(ben.page, order.at(-1) ?? '')).toBeAttached()
  const shown = await texts(ben.page).allTextContents()
  expect(shown).toEqual(order.slice(-shown.length))
})

test('what was read offline counts as read once there is a line again', async ({ arrive }) => {
  const ada = await arrive('Ada')
  const ben = await arrive('Ben', { on: 1 })
  const thread = await startThread(ada, 'read offline', [ben])
  await ben.open(thread)
  ben.complaints.expected.push(lineIsDown)
  let refused = 0
  await ben.page.route('**/trpc/threads.markRead**', async (route) => {
    refused++
    await route.abort('internetdisconnected')
  })
  await say(ada, thread, 'seen in a tunnel')
  await expect.poll(() => refused).toBeGreaterThan(0)
  const unread = async () =>
    (await ben.api.threads.get.query({ threadId: thread.id })).thread.unread
  expect(await unread()).toBe(1)
  await ben.page.unroute('**/trpc/threads.markRead**')
  await ben.context.setOffline(true)
  await ben.context.setOffline(false)
  await expect.poll(unread).toBe(0)
})

test('on a touch screen Enter is a new line, and the button sends', async ({ arrive }) => {
  const ada = await arrive('Ada', {
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  })
  const thread = await startThread(ada, 'by thumb')
  await ada.open(thread)
  await composer(ada.page).tap()
  await ada.page.keyboard.type('one')
  await ada.page.keyboard.press('Enter')
  await ada.page.keyboard.type('two')
  await expect(composer(ada.page)).toHaveValue('one\ntwo')
  await ada.page.getByRole('button', { name: 'Send' }).tap()
  await expect(texts(ada.page)).toHaveText(['onetwo'])
  await expect(composer(ada.page)).toHaveValue('')

  // A touched message shows what can be done with it.
  await rows(ada.page).first().tap()
  await ada.page.getByRole('button', { name: 'Edit', exact: true }).tap()
  await expect(ada.page.getByRole('textbox', { name: 'Edit message' })).toBeVisible()
})

test('who is signed out elsewhere is taken to the door, and finds the way back', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'the door')
  await say(ada, thread, 'said before')
  await ada.open(thread)
  const { sessions } = await ada.api.auth.sessions.list.query()
  ada.complaints.expected.push(/status of 401/, lineIsDown)
  await ada.api.auth.sessions.revoke.mutate({ sessionId: sessions[0]?.id ?? '' })
  await expect(ada.page).toHaveURL(new RegExp(`/sign-in\\?to=.*${thread.id}`))
  await expect(ada.page.locator('body')).not.toContainText('said before')
})
