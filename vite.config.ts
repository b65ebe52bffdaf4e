import { fileURLToPath } from 'node:url'
import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import remixConfig from './remix.config.js'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  plugins: [tailwindcss(), remix(remixConfig)],
  resolve: {
    alias: {
      '~': path('app'),
      entities: path('app/features/messages/no-entities.ts'),
    },
  },
  // Bundled on both sides, so that both read markdown the same way.
  ssr: { noExternal: ['markdown-it'] },
  // Found before the first page is asked for: what is found later makes Vite reload, with two Reacts in between.
  optimizeDeps: {
    entries: ['app/entry.client.tsx', 'app/root.tsx', 'app/**/*.tsx', '!app/**/*.test.tsx'],
    include: ['mdurl', 'uc.micro', 'linkify-it', 'punycode.js'].map(
      (name) => `markdown-it > ${name}`,
    ),
  },
  build: {
    target: 'es2022',
    // The content policy has no `data:` for fonts or scripts: every asset is a file with a hashed name.
    assetsInlineLimit: 0,
    // Thirty files of 300 bytes cost more in headers than in code.
    rollupOptions: { output: { experimentalMinChunkSize: 8_000 } },
  },
})
