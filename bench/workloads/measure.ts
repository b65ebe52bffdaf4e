import { Histogram } from '../generator/histogram.ts'
import type { Ground } from '../ground/ground.ts'
import { cpuSeconds, familySeconds } from '../ground/process-usage.ts'
import type { Stage } from './stage.ts'

export interface Measured {
  seconds: number
  /** CPU seconds of the target's server processes. */
  serverCpu: number
  /** CPU seconds of Postgres with all its backends: only one target is loaded at a time. */
  postgresCpu: number
  deliveries: number
  p50: number
  p99: number
}

/** What the servers used, and how long deliveries took, while `work` ran. */
export async function measure(
  ground: Ground,
  stage: Stage,
  work: () => Promise<void>,
): Promise<Measured> {
  const { ledger, pids } = stage
  ledger.latency = new Histogram()
  const [deliveries, postgresCpu, serverCpu] = [
    ledger.deliveries,
    await familySeconds(ground.postgresPid),
    await cpuSeconds(pids),
  ]
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1_000
  return {
    seconds,
    serverCpu: (await cpuSeconds(pids)) - serverCpu,
    postgresCpu: (await familySeconds(ground.postgresPid)) - postgresCpu,
    deliveries: ledger.deliveries - deliveries,
    p50: ledger.latency.percentile(0.5),
    p99: ledger.latency.percentile(0.99),
  }
}
