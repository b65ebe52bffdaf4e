import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Visit } from './visit.ts'

interface Asset {
  type: string
  etag: string
  immutable: boolean
  body: Uint8Array<ArrayBuffer>
  /** Null where packing gains nothing. */
  gzipped: Uint8Array<ArrayBuffer> | null
}

/** Answers when the path is a file of the build, null when it is not. */
export type Assets = (request: Request, visit: Visit) => Response | null

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const packable = /^(?:text\/|application\/|image\/svg)/
const pack = promisify(gzip)

/**
 * The files of the web app's build, read once at start: what is served is what was found there, so no path leads
 * anywhere else. Names under /assets/ hold a hash of their content and never change meaning.
 */
export async function loadAssets(folder: string): Promise<Assets> {
  const assets = new Map<string, Asset>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile() && !each.name.startsWith('.'))) {
    const file = join(entry.parentPath, entry.name)
    const path = `/${file.slice(folder.length).split(/[\\/]/).filter(Boolean).join('/')}`
    assets.set(path, await readAsset(file, path))
  }
  const icon = assets.get('/favicon.svg')
  if (icon && !assets.has('/favicon.ico')) assets.set('/favicon.ico', icon)

  return function answer(request, visit) {
    if (request.method !== 'GET' && request.method !== 'HEAD') return null
    const asset = assets.get(new URL(request.url).pathname)
    if (!asset) return null
    visit.route = 'assets'
    return answerWith(asset, request)
  }
}

async function readAsset(file: string, path: string): Promise<Asset> {
  const body = new Uint8Array(await readFile(file))
  const type = types[extname(file)] ?? 'application/octet-stream'
  const gzipped = packable.test(type) ? new Uint8Array(await pack(body, { level: 9 })) : null
  return {
    type,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    immutable: path.startsWith('/assets/'),
    body,
    gzipped: gzipped && gzipped.length < body.length * 0.95 ? gzipped : null,
  }
}

function answerWith(asset: Asset, request: Request): Response {
  const asked = request.headers
  const headers = new Headers({
    'content-type': asset.type,
    'cache-control': asset.immutable
      ? 'public, max-age=31536000, immutable'
      : 'public, max-age=3600',
    etag: asset.etag,
    'accept-ranges': 'bytes',
    ...(asset.gzipped ? { vary: 'Accept-Encoding' } : {}),
  })
  if (matches(asked.get('if-none-match'), asset.etag))
    return new Response(null, { status: 304, headers })
  const range = rangeOf(asked, asset)
  if (range === 'none') {
    headers.set('content-range', `bytes */${asset.body.length}`)
    return new Response(null, { status: 416, headers })
  }
  if (range) {
    headers.set('content-range', `bytes ${range.start}-${range.end}/${asset.body.length}`)
    return send(asset.body.slice(range.start, range.end + 1), 206, headers, request)
  }
  if (
    !asset.gzipped ||
    !/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(asked.get('accept-encoding') ?? '')
  )
    return send(asset.body, 200, headers, request)
  headers.set('content-encoding', 'gzip')
  return send(asset.gzipped, 200, headers, request)
}

function send(
  body: Uint8Array<ArrayBuffer>,
  status: number,
  headers: Headers,
  request: Request,
): Response {
  headers.set('content-length', String(body.length))
  return new Response(request.method === 'HEAD' ? null : body, { status, headers })
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}

/** One range of bytes; several at once, or one under an outdated If-Range, get the whole file, as HTTP allows. */
function rangeOf(asked: Headers, asset: Asset): { start: number; end: number } | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(asked.get('range') ?? '') ?? []
  const condition = asked.get('if-range')
  if ((from === '' && to === '') || (condition !== null && condition !== asset.etag)) return null
  const last = asset.body.length - 1
  const start = from === '' ? Math.max(0, asset.body.length - Number(to)) : Number(from)
  const end = from === '' || to === '' ? last : Math.min(Number(to), last)
  if (start > last || end < start || (from === '' && Number(to) === 0)) return 'none'
  return { start, end }
}
