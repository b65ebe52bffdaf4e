/** The embedded Postgres cannot be had; the message is one line that says why and what to do. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError'
}

const reasons: Record<string, string> = {
  EACCES: 'it may not be read or written by this user',
  EPERM: 'it may not be changed by this user',
  EROFS: 'it is on a read-only file system',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
  ELOOP: 'its links run in a circle',
  ENOENT: 'a part of the path is missing',
}

/** Turns what the file system says about `folder` into a line that an operator can act upon. */
export function folderError(folder: string, error: unknown): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return new EmbeddedPostgresError(
    `the data folder ${folder} cannot be used: ${reason}; choose another one with DATA_DIR`,
    { cause: error },
  )
}
