/**
 * Who Postgres runs as. It refuses to run as root, so a root process hands it to the owner of the data that is
 * already there, or else to the system user `postgres`, which is created when it is missing.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** What to give to `spawn` and `chown`; undefined: whoever we are. */
export interface Account {
  uid: number
  gid: number
}

const name = 'postgres'
/** Little but what a child needs: nothing of our own environment, secrets included, reaches Postgres. */
export const plainEnvironment: NodeJS.ProcessEnv = {
  PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  // Nobody reads it; Remix's types ask every environment for it.
  NODE_ENV: 'production',
}

/**
 * The account to run Postgres as.
 * @param owner who owns the data folder, if there is one yet
 */
export function chooseAccount(owner: Account | undefined): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return findAccount() ?? createAccount()
}

/** May the account enter `folder`? Asked of the system itself, so that ACLs and groups count too. */
export function mayEnter(account: Account | undefined, folder: string): boolean {
  const asked = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...account,
    cwd: '/',
    env: plainEnvironment,
    stdio: 'ignore',
  })
  return asked.status === 0
}

function findAccount(): Account | undefined {
  const ids = ['-u', '-g'].map((flag) => {
    const asked = spawnSync('id', [flag, name], { encoding: 'utf8', env: plainEnvironment })
    return asked.status === 0 ? Number(asked.stdout) : undefined
  })
  const [uid, gid] = ids
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

function createAccount(): Account {
  try {
    execFileSync(
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        name,
      ],
      { env: plainEnvironment, encoding: 'utf8', stdio: 'pipe' },
    )
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Postgres refuses to run as root, and the system user "${name}" could not be created: ` +
        `create it, start Skein as a normal user, or set DATABASE_URL`,
      { cause: error },
    )
  }
  const created = findAccount()
  if (created === undefined) throw new EmbeddedPostgresError(`useradd made no user "${name}"`)
  return created
}
