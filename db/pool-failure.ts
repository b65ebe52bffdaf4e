/** No connection could be had in time because others hold all of them; the database itself may be well. */
export class PoolExhaustedError extends Error {
  constructor(milliseconds: number) {
    super(`all database connections were in use for ${milliseconds} ms`)
  }
}

/** The database took the connection and said nothing, or did not take it. */
export class DatabaseSilentError extends Error {
  constructor(milliseconds: number) {
    super(`the database gave no connection within ${milliseconds} ms`)
  }
}
