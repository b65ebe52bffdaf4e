import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTempFolder } from '../server/testing/temp-folder.ts'
import { openClientFixture, type ClientFixture } from './testing/client-fixture.ts'
import {
  compile,
  makeConsumer,
  packClient,
  readManifest,
  type Tarball,
} from './testing/install-package.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))
let folder: Awaited<ReturnType<typeof makeTempFolder>>
let tarball: Tarball
let fixture: ClientFixture

beforeAll(async () => {
  folder = await makeTempFolder()
  // Fails by itself on words that must not be in it.
  await run(process.execPath, ['scripts/build-client.ts'], { cwd: root })
  tarball = await packClient(folder.path)
  fixture = await openClientFixture()
}, 120_000)
afterAll(async () => {
  await fixture.close()
  await folder.remove()
})

const node = (project: string, file: string, ...args: string[]) =>
  run(process.execPath, [join(project, 'out', file), ...args], { cwd: project })

test('publint and are-the-types-wrong find nothing', async () => {
  const { messages } = await publint({ pkgDir: join(root, 'client'), strict: true })
  expect(messages).toEqual([])
  const archive = createPackageFromTarballData(new Uint8Array(await readFile(tarball.path)))
  const result = await checkPackage(archive)
  expect(result.types && result.problems).toEqual([])
})

test('the package depends on the very versions that it was tried with', async () => {
  const ours = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string
    dependencies: Record<string, string>
  }
  const { version, dependencies } = await readManifest()
  expect(version).toBe(ours.version)
  expect(dependencies).toEqual({
    '@trpc/client': ours.dependencies['@trpc/client'],
    '@trpc/server': ours.dependencies['@trpc/server'],
  })
})

test('a bot under NodeNext compiles in little time, runs, and a misspelt field is an error', async () => {
  const project = await makeConsumer(folder.path, 'node-next', tarball, { module: 'NodeNext' })
  const { errors, figures } = await compile(project)
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatch(/misspelt\.ts\(4,.*'txt' does not exist.*Did you mean 'text'/)
  // Seconds differ with the machine; what they are spent on does not.
  expect(figures['Instantiations']).toBeLessThan(5_000)

  const { servers, token } = fixture
  const position = join(folder.path, 'position.json')
  const file = join(project, 'out/bot.js')
  const bot = spawn(process.execPath, [file, servers[0].url, token, position], { stdio: 'pipe' })
  let said = ''
  bot.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said === 'live\n') void fixture.say('to the installed bot')
  })
  const [code] = (await once(bot, 'close')) as [number]
  expect({ code, error: (bot.stderr.read() as Buffer | null)?.toString() }).toEqual({ code: 0 })
  expect(JSON.parse(said.split('\n')[1] ?? '')).toMatchObject({
    title: 'Client',
    gone: 'THREAD_NOT_FOUND',
    text: 'to the installed bot',
  })
  expect(JSON.parse(await readFile(position, 'utf8'))).toMatchObject({ heads: {} })
}, 60_000)

test('a React widget compiles as a bundler resolves it, and renders on a server', async () => {
  const project = await makeConsumer(folder.path, 'bundler', tarball, {
    module: 'ESNext',
    moduleResolution: 'Bundler',
    jsx: 'react-jsx',
  })
  expect((await compile(project)).errors).toEqual([])
  const { stdout } = await node(project, 'widget.js')
  expect(stdout.replaceAll('<!-- -->', '')).toBe('<p>offline fine untitled nothing yet</p>\n')
}, 60_000)

test('CommonJS compiles, sends and keeps', async () => {
  const project = await makeConsumer(folder.path, 'common-js', tarball, { module: 'NodeNext' })
  expect((await compile(project)).errors).toEqual([])
  const { servers, token, threadId } = fixture
  const path = join(folder.path, 'seq.json')
  const { stdout } = await node(project, 'say.js', servers[1].url, token, threadId, path)
  expect(JSON.parse(stdout)).toMatchObject({ text: 'from CommonJS', kept: {} })
}, 60_000)
