import type { Page } from '@playwright/test'
import { password } from './fixtures.ts'

/** Fills in and sends the sign-in form that the page shows. */
export async function signIn(page: Page, email: string, secret = password): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Fills in and sends the sign-up form that the page shows. */
export async function signUp(
  page: Page,
  person: { name: string; handle: string; email: string; password: string },
): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(person.name)
  await page.getByLabel('Handle').fill(person.handle)
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** Somebody nobody else is called. */
export function somebody(name: string) {
  const handle = `${name.toLowerCase()}-${crypto.randomUUID().slice(0, 8)}`
  return { name, handle, email: `${handle}@example.org`, password }
}
