import pg from 'pg'

/**
 * A pool whose connections cannot end the process. node-postgres emits `error` on a connection when the server says
 * something that no query asked for (that it is going down, say), and while a connection is in use or being closed
 * nobody listens. In use, the next query reports it; idle, `onIdleError` does; being closed, it does not matter.
 */
export function openPool(config: pg.PoolConfig, onIdleError?: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', (error) => onIdleError?.(error))
  pool.on('connect', (client) => client.on('error', () => undefined))

  return pool
}
