import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ServerBuild } from '@remix-run/server-runtime'
import { loadAssets, type Assets } from './assets.ts'

/** The web app, built: its files, and the module that renders it. */
export interface WebBuild {
  assets: Assets
  load: () => Promise<ServerBuild>
}

/** The web app has not been built. */
export class NoWebBuildError extends Error {}

const buildFolder = fileURLToPath(new URL('../../build', import.meta.url))

/** @throws NoWebBuildError */
export async function openWebBuild(folder = buildFolder): Promise<WebBuild> {
  const entry = join(folder, 'server', 'index.js')
  try {
    await access(entry)
  } catch (error) {
    throw new NoWebBuildError('the web app is not built: run `npm run build` first', {
      cause: error,
    })
  }
  const build = (await import(pathToFileURL(entry).href)) as ServerBuild
  return { assets: await loadAssets(join(folder, 'client')), load: () => Promise.resolve(build) }
}
