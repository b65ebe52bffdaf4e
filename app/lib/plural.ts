const rules = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat('en')

/** "1 mention", "3 mentions", "1,204 mentions": the number as it is written, with the form that goes with it. */
export function plural(
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
  return `${numbers.format(count)} ${forms[rules.select(count)] ?? forms.other}`
}
