/** The code in what somebody pasted: a whole invitation link, or the code alone. */
export function invitationCode(pasted: string): string {
  const text = pasted.trim()
  const [, code] = /\/join\/([^/?#\s]+)/.exec(text) ?? []
  return code ?? text
}
