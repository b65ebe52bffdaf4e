import { data, type ActionFunctionArgs, type AppLoadContext } from '@remix-run/server-runtime'
import { toSignIn } from './page-errors.ts'
import { refusalFrom, type Refusal } from './refusal.ts'
import { strings } from './strings.ts'

/** What became of a posted form; it is shown where the form stands. */
export interface FormResult {
  /** Which of the page's forms it was. */
  intent: string
  ok: boolean
  /** What went wrong with the whole of it; null when a field says it. */
  problem: string | null
  /** What is wrong with which field. */
  fields: Readonly<Record<string, string>>
  /** What was typed, so that nobody has to type it again. Never a password. */
  values: Readonly<Record<string, string>>
  /** Shown this once: a secret that was just made. */
  made?: string
  /** What was done, where the page does not show it by itself. */
  said?: string
}

export interface FormTexts {
  /** What to say of a field that was not right. */
  fields?: Readonly<Record<string, string>>
  /** The field that a reason is about. */
  places?: Readonly<Record<string, string>>
}

/** What a form's work may end in: nothing to say, something to show once, or another page. */
export type FormOutcome = void | { made: string } | { said: string } | Response

/**
 * Does what a form asks for. A refusal becomes the form again, with what is wrong beside the field it is about; a
 * session that is over leads to signing in and back here. Trouble of the server's own is said there too, with the id that
 * stands in its log: what was typed is not lost to an error page.
 */
export async function answerForm(
  { context, request }: Pick<ActionFunctionArgs, 'context' | 'request'>,
  form: FormData,
  texts: FormTexts,
  run: () => Promise<FormOutcome>,
) {
  const intent = textOf(form, 'intent')
  try {
    const outcome = await run()
    if (outcome instanceof Response) return outcome
    return data<FormResult>({
      intent,
      ok: true,
      problem: null,
      fields: {},
      values: {},
      ...(outcome ?? {}),
    })
  } catch (error) {
    const refusal =
      error instanceof FieldError ? error : (refusalFrom(error) ?? troubleIn(error, context))
    if (!refusal) throw error
    if (refusal.reason === 'NOT_SIGNED_IN') throw toSignIn(request)
    const values = Object.fromEntries(
      [...form].flatMap(([name, value]) =>
        typeof value === 'string' && !/password/i.test(name) ? [[name, value]] : [],
      ),
    )
    const fields = error instanceof FieldError ? error.wrong : fieldsOf(refusal, texts)
    const problem = Object.keys(fields).length > 0 ? null : sentenceOf(refusal)
    return data<FormResult>(
      { intent, ok: false, problem, fields, values },
      { status: refusal.status },
    )
  }
}

/** A field that the page itself finds wrong, before anything is asked of the API. */
export class FieldError extends Error implements Refusal {
  readonly reason = 'INPUT_INVALID'
  readonly status = 400
  readonly fields: readonly string[]
  readonly wrong: Readonly<Record<string, string>>

  constructor(wrong: Readonly<Record<string, string>>) {
    super(Object.values(wrong).join(' '))
    this.wrong = wrong
    this.fields = Object.keys(wrong)
  }
}

/** The text of a field; empty when it is not there. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** What a call that failed unexpectedly is told as; null for a mistake of the page itself. */
function troubleIn(error: unknown, { requestId }: AppLoadContext): Refusal | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error.code !== 'INTERNAL_SERVER_ERROR') return null
  const { brokenText, reference } = strings.shell.errors
  const message = `${brokenText} ${reference(requestId)}`
  return { reason: 'INTERNAL', message, status: 500, fields: [] }
}

function fieldsOf(refusal: Refusal, { fields = {}, places = {} }: FormTexts) {
  const place = places[refusal.reason]
  if (place !== undefined) return { [place]: refusal.message }
  return Object.fromEntries(
    refusal.fields.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])),
  )
}

function sentenceOf(refusal: Refusal): string {
  return refusal.reason === 'INPUT_INVALID' && refusal.fields.length > 0
    ? strings.forms.notValid
    : refusal.message
}
