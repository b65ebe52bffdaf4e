import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  ActionFunctionArgs,
  EntryContext,
  LoaderFunctionArgs,
  ServerBuild,
} from '@remix-run/server-runtime'
import { loadAssets } from '../http/assets.ts'
import type { WebBuild } from '../http/web-build.ts'
import { makeTempFolder } from './temp-folder.ts'
import { testPassword } from './factories.ts'

/** A web app in Remix's own format, small enough to see through: what it was asked, and what came through to it. */
export interface TestWebBuild extends WebBuild {
  /** Paths of the actions that ran. */
  actions: string[]
  /** Headers of the last request that reached a loader. */
  seen: () => Headers
  remove: () => Promise<void>
}

export async function createTestWebBuild(): Promise<TestWebBuild> {
  const folder = await makeTempFolder()
  await mkdir(join(folder.path, 'assets'))
  await writeFile(join(folder.path, 'assets', 'app-1a2b3c.js'), '// geese\n'.repeat(200))
  await writeFile(join(folder.path, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const actions: string[] = []
  let seen = new Headers()
  const see = ({ request }: LoaderFunctionArgs) => {
    seen = request.headers
    return null
  }
  const act = async ({ request }: ActionFunctionArgs) => {
    await request.formData()
    actions.push(new URL(request.url).pathname)
    return { done: true }
  }
  const actForPrograms = async (args: ActionFunctionArgs) => Response.json(await act(args))
  const Page = () => null
  const routes = {
    root: route('root', '', { default: Page, loader: see }),
    index: route('index', undefined, { default: Page, loader: see }, { index: true }),
    form: route('form', 'form', { default: Page, action: act }),
    resource: route('resource', 'resource', { action: actForPrograms, loader: whoAmI }),
    signIn: route('sign-in', 'sign-in', { default: Page, action: signIn }),
    broken: route('broken', 'broken', {
      default: Page,
      loader: () => {
        throw new Error('a secret of the server')
      },
    }),
    cracked: route('cracked', 'cracked', { default: Page }),
  }
  const build = {
    mode: 'production',
    entry: { module: { default: renderDocument } },
    routes: Object.fromEntries(Object.values(routes).map((each) => [each.id, each])),
    assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' },
    basename: '/',
    publicPath: '/',
    assetsBuildDirectory: '',
    future: { v3_singleFetch: true, v3_lazyRouteDiscovery: false, v3_relativeSplatPath: true },
    isSpaMode: false,
  } as unknown as ServerBuild
  return {
    actions,
    seen: () => seen,
    assets: await loadAssets(folder.path),
    load: () => Promise.resolve(build),
    remove: folder.remove,
  }
}

function route(id: string, path: string | undefined, module: object, more: object = {}) {
  return { id, ...(id === 'root' ? {} : { parentId: 'root' }), path, module, ...more }
}

function whoAmI({ context }: LoaderFunctionArgs) {
  return Response.json({ viewer: context.viewer })
}

async function signIn({ request, context }: ActionFunctionArgs) {
  const email = new URLSearchParams(await request.text()).get('email') ?? ''
  await context.api.auth.signIn({ email, password: testPassword })
  return new Response(null, { status: 303, headers: { location: '/' } })
}

function renderDocument(
  request: Request,
  status: number,
  headers: Headers,
  _: EntryContext,
  { nonce, viewer }: { nonce: string; viewer: { handle: string } | null },
): Response {
  const { pathname } = new URL(request.url)
  if (pathname === '/unrenderable') throw new Error('a secret of the server')
  headers.set('content-type', 'text/html; charset=utf-8')
  const html = `<!doctype html><p>${viewer?.handle ?? 'nobody'}</p><script nonce="${nonce}"></script>`
  if (pathname !== '/cracked') return new Response(html, { status, headers })
  let pulls = 0
  const body = new ReadableStream({
    async pull(controller) {
      pulls += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (pulls < 4) controller.enqueue(new TextEncoder().encode(html))
      else controller.error(new Error('a secret of the server'))
    },
  })
  return new Response(body, { status, headers })
}
