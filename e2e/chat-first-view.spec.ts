import { gzipSync } from 'node:zlib'
import { expect, isLive, say, startThread, test, texts } from './fixtures.ts'

test('the first view of a thread costs at most 200 kB of JavaScript, and is there before it', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, 'light')
  await say(ada, thread, 'Light as a feather.')
  let transferred = 0
  let unpacked = 0
  const reading: Promise<void>[] = []
  ada.page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    reading.push(
      Promise.all([response.request().sizes(), response.body()]).then(([sizes, body]) => {
        transferred += sizes.responseBodySize
        unpacked += gzipSync(body).length
      }),
    )
  })
  await ada.open(thread)
  await expect(texts(ada.page)).toHaveText(['Light as a feather.'])
  await ada.page.waitForLoadState('networkidle')
  await Promise.all(reading)
  test.info().annotations.push({
    type: 'JavaScript, bytes',
    description: `${transferred} transferred, ${unpacked} gzipped`,
  })
  expect(transferred).toBeGreaterThan(50_000)
  expect(transferred).toBeLessThanOrEqual(200_000)

  // The text is in the document itself, and stays as it was when the scripts take over.
  const answer = await ada.page.request.get(`/threads/${thread.id}`)
  expect(await answer.text()).toContain('Light as a feather.')
  expect(answer.headers()['cache-control']).toContain('no-store')
  expect(answer.headers()['content-security-policy']).toMatch(/script-src [^;]*'nonce-/)
  await isLive(ada.page)
})

test('text of people is text: no markup, no picture and no address of theirs runs or is fetched', async ({
  arrive,
}) => {
  const ada = await arrive('Ada')
  const thread = await startThread(ada, '<img src=x onerror=alert(1)>')
  await say(
    ada,
    thread,
    '<script>alert(1)</script> <b>bold</b>',
    '![picture](https://elsewhere.example/pixel.png)',
    '[click](javascript:alert(1)) and [data](data:text/html,hi)',
    '</script><svg onload=alert(1)>',
  )
  ada.page.on('dialog', (dialog) => {
    ada.complaints.list.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await ada.open(thread)
  await expect(texts(ada.page)).toHaveCount(4)
  await expect(texts(ada.page).nth(0)).toHaveText('<script>alert(1)</script> <b>bold</b>')
  await expect(texts(ada.page).locator('img, script, b, svg')).toHaveCount(0)
  await expect(texts(ada.page).locator('a[href^="javascript"], a[href^="data"]')).toHaveCount(0)
})
