import { dictionary } from '@zxcvbn-ts/language-common'
import { AppError } from '../../errors.ts'

const common = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()))

/**
 * Refuses what is tried first: the 49,000 most common passwords, the same word or a few characters repeated, and
 * what stands beside the password in the form.
 * @param known what others know of the person: e-mail address, handle, name.
 * @throws AppError PASSWORD_TOO_COMMON
 */
export function refuseCommonPassword(password: string, known: readonly string[]): void {
  const lower = password.toLowerCase()
  if (common.has(lower) || isRepetition(lower))
    throw new AppError(
      'PASSWORD_TOO_COMMON',
      'This password is on lists of common passwords. Choose another: four unrelated words make a good one.',
    )
  if (aboutThemselves(known).includes(lower))
    throw new AppError(
      'PASSWORD_TOO_COMMON',
      'This password is your own name or address. Choose another: four unrelated words make a good one.',
    )
}

/** "aaaaaaaaaa", "abcabcabcabc", "passwordpassword". */
function isRepetition(password: string): boolean {
  for (let length = 1; length <= password.length / 2; length++) {
    if (password.length % length !== 0) continue
    const unit = password.slice(0, length)
    if (length > 4 && !common.has(unit)) continue
    if (unit.repeat(password.length / length) === password) return true
  }
  return false
}

function aboutThemselves(known: readonly string[]): string[] {
  const words = known.map((word) => word.trim().toLowerCase())
  return words.flatMap((word) => [word, word.replaceAll(/\s+/g, ''), word.split('@')[0] ?? word])
}
