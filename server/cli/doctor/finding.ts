export interface Finding {
  check: string
  verdict: 'ok' | 'warn' | 'fail'
  /** What was found; and where it is not ok, what to do. */
  detail: string
}
