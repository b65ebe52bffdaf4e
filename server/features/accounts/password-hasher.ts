import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../../errors.ts'

/** OWASP's first choice; 19 MiB and one thread for each hash. Algorithm 2 is argon2id. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Of a random password that was thrown away, at the same cost. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$n1G+tRRuZUQXMiUKiAUytQ$D6qij2Jj6eQzfztMpYDLXJiNLIlLmCxZSbcMWsdjYkQ'

export interface PasswordHasher {
  /** @throws AppError BUSY when too many are waiting. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one that was hashed. Without a hash (nobody by that name) the same work is done for
   * the answer no, so that time tells nothing.
   * @throws AppError BUSY when too many are waiting.
   */
  verify(passwordHash: string | null, password: string): Promise<boolean>
  /** Hashes being computed right now, and waiting. */
  readonly load: { running: number; waiting: number }
}

export interface PasswordHasherOptions {
  /** Hashes computed at once. They fill libuv's pool of four threads, which files and DNS need, too. */
  atOnce?: number
  /** Hashes that may wait for their turn; beyond it a flood is told to come back. */
  maxWaiting?: number
}

/** argon2id, a few at a time. */
export function createPasswordHasher(options: PasswordHasherOptions = {}): PasswordHasher {
  const { atOnce = 2, maxWaiting = 100 } = options
  const queue: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (queue.length >= maxWaiting)
        throw new AppError('BUSY', 'Too many people are signing in right now. Try again shortly.', {
          retryAfter: 3,
        })
      // Whoever finishes hands over the turn, so `running` does not change in between.
      await new Promise<void>((start) => queue.push(start))
    } else running++
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running--
    }
  }

  const compute = (password: string) => inTurn(() => hash(normalize(password), cost))

  return {
    hash: compute,
    async verify(passwordHash, password) {
      if (passwordHash !== null) return inTurn(() => verify(passwordHash, normalize(password)))
      await inTurn(() => verify(nobody, normalize(password)))
      return false
    },
    get load() {
      return { running, waiting: queue.length }
    },
  }
}

/** The same letters typed on another system may be composed differently (RFC 8265). Nothing is trimmed or cut. */
function normalize(password: string): string {
  return password.normalize('NFC')
}
