import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, safe in cookies, headers and URLs. */
export function createSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url')
}

/**
 * What the database keeps of a secret: whoever reads the tables, or a backup of them, can sign in as nobody. A fast
 * hash is enough, since there is nothing to guess in 200 and more random bits.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
