import { startEmbeddedPostgres } from '../db/embedded.ts'

/** DATABASE_URL where there is one, else the embedded Postgres, which then belongs to this script. */
export async function openOwnDatabase(
  settings: Record<string, string> = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, close: () => Promise.resolve() }
  const dataDir = process.env.DATA_DIR ?? '.skein'
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, settings, notice: console.log })
    return { url: postgres.url, close: () => postgres.close() }
  } catch (error) {
    console.error(`skein: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}
