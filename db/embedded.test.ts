import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTempFolder } from '../server/testing/temp-folder.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts'

let temp: Awaited<ReturnType<typeof makeTempFolder>>
let dataDir: string
const running: EmbeddedPostgres[] = []

beforeEach(async () => {
  temp = await makeTempFolder()
  dataDir = join(temp.path, 'data')
})

afterEach(async () => {
  for (const each of running.splice(0)) await each.close()
  await temp.remove()
})

async function start(options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const started = await startEmbeddedPostgres({ dataDir, ...options })
  running.push(started)
  return started
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function answers(url: string): Promise<boolean> {
  return query(url, 'SELECT 1').then(
    () => true,
    () => false,
  )
}

/** A process of its own that starts Postgres on our folder and then only waits. */
async function startInAnotherProcess() {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('embedded.ts', import.meta.url).href)}
    const { url, pid } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(JSON.stringify({ url, pid }))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, ...(JSON.parse(line) as { url: string; pid: number }) }
}

describe('the embedded Postgres', () => {
  it('keeps what was written, over a stop and a start', async () => {
    const first = await start()
    await query(first.url, "CREATE TABLE notes AS SELECT 'kept' AS text")
    await first.close()
    expect(await answers(first.url)).toBe(false)

    const second = await start()
    expect(await query(second.url, 'SELECT text FROM notes')).toEqual([{ text: 'kept' }])
    expect(second.url.split('@')[0]).toBe(first.url.split('@')[0])
  })

  it('commits to disk before it answers, in UTF-8, in an order that no locale changes', async () => {
    const { url } = await start()
    const [settings] = await query(
      url,
      `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
              current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
              lower('ÄÖ') AS lower, 'Z' < 'a' AS code_point_order`,
    )
    expect(settings).toEqual({
      commit: 'on',
      fsync: 'on',
      encoding: 'UTF8',
      zone: 'UTC',
      lower: 'äö',
      code_point_order: true,
    })
  })

  it('is closed to other machines, and to this one without the password', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    const wrong = new URL(url)
    wrong.password = 'guess'
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/)
    expect((await stat(join(dataDir, 'postgres/password'))).mode & 0o777).toBe(0o600)

    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside) {
      const socket = connect({ host: address, port })
      await expect(once(socket, 'connect')).rejects.toThrow(/ECONNREFUSED/)
    }
  })

  it('is stopped and started anew, with its data, when the process that had it was killed', async () => {
    const killed = await startInAnotherProcess()
    await query(killed.url, "CREATE TABLE notes AS SELECT 'committed' AS text")
    killed.child.kill('SIGKILL')
    await once(killed.child, 'exit')
    expect(await answers(killed.url), 'Postgres outlives the killed process').toBe(true)

    const lines: string[] = []
    const next = await start({
      log: (line) => lines.push(line),
      notice: (line) => lines.push(line),
    })
    expect(await answers(killed.url)).toBe(false)
    expect(await query(next.url, 'SELECT text FROM notes')).toEqual([{ text: 'committed' }])
    expect(lines.join('\n')).toMatch(/killed Skein/)
    expect(lines.join('\n')).not.toMatch(/not properly shut down/)
  })

  it('comes back when Postgres itself was killed, though a stranger has its process number now', async () => {
    const first = await start()
    await query(first.url, "CREATE TABLE notes AS SELECT 'committed' AS text")
    process.kill(first.pid, 'SIGKILL')
    await first.close()
    const file = join(dataDir, 'postgres/data/postmaster.pid')
    const left = await readFile(file, 'utf8')
    await writeFile(file, left.replace(/^\d+/, String(process.pid)))

    const next = await start()
    expect(await query(next.url, 'SELECT text FROM notes')).toEqual([{ text: 'committed' }])
  })

  it('tells when it ended without having been stopped', async () => {
    const exited = Promise.withResolvers<void>()
    const { pid } = await start({ onExit: exited.resolve })
    process.kill(pid, 'SIGQUIT')
    await exited.promise
  })

  it('has one owner at a time: a second start is refused, a guest may join', async () => {
    const owner = await startInAnotherProcess()
    await expect(start()).rejects.toThrow(/in use by another Skein/)
    const guest = await start({ join: true })
    expect(guest.url).toBe(owner.url)
    await guest.close()
    expect(await query(owner.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])

    owner.child.kill('SIGKILL')
    await once(owner.child, 'exit')
    await start()
  })

  it('is made once when two processes start on an empty folder together', async () => {
    const results = await Promise.allSettled([start({ join: true }), start({ join: true })])
    const urls = results.map((result) =>
      result.status === 'fulfilled' ? result.value.url : result,
    )
    expect(urls[0]).toMatch(/^postgres:/)
    expect(urls[1]).toBe(urls[0])
  })

  it('starts over when the making of the database was cut off', async () => {
    await mkdir(join(dataDir, 'postgres/data.new'), { recursive: true })
    await writeFile(join(dataDir, 'postgres/data.new/PG_VERSION'), '18\n')
    const { url } = await start()
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(
      expect.not.arrayContaining(['data.new']),
    )
  })

  it('refuses one database that is reached through two data folders', async () => {
    await start()
    const copy = join(temp.path, 'copy')
    await mkdir(copy)
    await chmod(copy, 0o711)
    await symlink(join(dataDir, 'postgres'), join(copy, 'postgres'))
    await expect(start({ dataDir: copy })).rejects.toThrow(/in use through another data folder/)
  })
})

describe('a data folder that cannot be used is named in one line', () => {
  async function refusal(): Promise<string> {
    const error = await start().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    const { message } = error as Error
    expect(message).not.toContain('\n')
    return message
  }

  it('when its owner may not read it', async () => {
    await mkdir(dataDir)
    await chmod(dataDir, 0o000)
    expect(await refusal()).toMatch(/data folder .*\/data is closed \(mode 000\)/)
    await chmod(dataDir, 0o711)
  })

  it('when there is a file of that name', async () => {
    await writeFile(dataDir, '')
    expect(await refusal()).toMatch(
      /data folder .*\/data cannot be used: there is a file of that name/,
    )
  })

  it('when it cannot be made', async () => {
    dataDir = '/proc/skein'
    expect(await refusal()).toMatch(/data folder \/proc\/skein cannot be used/)
  })

  it('when another major version of Postgres made the database', async () => {
    await (await start()).close()
    await writeFile(join(dataDir, 'postgres/data/PG_VERSION'), '15\n')
    expect(await refusal()).toMatch(/made by Postgres 15, this Skein brings Postgres 18/)
  })

  it('when it holds something else', async () => {
    await (await start()).close()
    await rm(join(dataDir, 'postgres/data/PG_VERSION'))
    expect(await refusal()).toMatch(/not a Postgres database/)
  })

  it('when the password is gone', async () => {
    await (await start()).close()
    await rm(join(dataDir, 'postgres/password'))
    expect(await refusal()).toMatch(/password cannot be read/)
  })
})
