import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { build, transformWithEsbuild, type InlineConfig, type Rollup } from 'vite'

const base: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  // What the caller's NODE_ENV is says nothing about the package.
  mode: 'production',
  esbuild: { jsx: 'automatic' },
}

/** The package's code: ES modules and CommonJS side by side. Packages stay outside. */
export async function bundleClient(
  root: string,
  entries: Readonly<Record<string, string>>,
  outFolder: string,
): Promise<void> {
  await build({
    ...base,
    root: join(root, 'client'),
    build: {
      outDir: outFolder,
      emptyOutDir: true,
      minify: false,
      target: 'es2022',
      lib: {
        entry: { ...entries },
        fileName: (format, name) => `${name}.${format === 'es' ? 'js' : 'cjs'}`,
      },
      rollupOptions: { external: (id) => !/^[./]/.test(id) },
    },
  })
}

/** Bytes of the browser entry as a page loads it: all it needs, minified, gzipped. */
export async function measureBrowserEntry(root: string): Promise<number> {
  const result = (await build({
    ...base,
    root,
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: join(root, 'client/index.ts'), formats: ['es'], fileName: 'index' },
    },
  })) as Rollup.RollupOutput[]
  const code = result
    .flatMap(({ output }) => output)
    .map((part) => ('code' in part ? part.code : ''))
  // Vite leaves the whitespace of libraries; a page's own build does not.
  const small = await transformWithEsbuild(code.join('\n'), 'client.js', { minify: true })
  return gzipSync(small.code).length
}
