/** Node's own inspector of a server process: its heap after a collection, and where its CPU time goes. */
import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface CpuProfile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    children?: number[]
  }[]
  samples: number[]
  timeDeltas: number[]
}

/** A function, what it allocated by itself, and those that it called. */
export interface AllocationNode {
  callFrame: { functionName: string; url: string; lineNumber: number }
  /** Bytes. */
  selfSize: number
  children: AllocationNode[]
}

export interface AllocationProfile {
  head: AllocationNode
}

export interface Inspector {
  /** Bytes of JavaScript heap in use, after a full collection. */
  collectGarbage: () => Promise<number>
  startProfile: () => Promise<void>
  stopProfile: () => Promise<CpuProfile>
  /** Samples what is allocated, also what is garbage by the end. */
  startAllocations: () => Promise<void>
  stopAllocations: () => Promise<AllocationProfile>
  close: () => void
}

interface Answer {
  id?: number
  result?: unknown
  error?: { message: string }
}

export async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const waiting = new Map<number, (answer: Answer) => void>()
  let lastId = 0
  socket.on('message', (data: Buffer) => {
    const answer = JSON.parse(data.toString()) as Answer
    if (answer.id === undefined) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  await once(socket, 'open')

  async function call(method: string, params: object = {}): Promise<unknown> {
    const id = ++lastId
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { result, error } = await answered
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  return {
    async collectGarbage() {
      await call('HeapProfiler.collectGarbage')
      const usage = (await call('Runtime.getHeapUsage')) as { usedSize: number }
      return usage.usedSize
    },
    async startProfile() {
      await call('Profiler.enable')
      await call('Profiler.setSamplingInterval', { interval: 500 })
      await call('Profiler.start')
    },
    async stopProfile() {
      const { profile } = (await call('Profiler.stop')) as { profile: CpuProfile }
      return profile
    },
    async startAllocations() {
      await call('HeapProfiler.startSampling', {
        samplingInterval: 16_384,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      })
    },
    async stopAllocations() {
      const { profile } = (await call('HeapProfiler.stopSampling')) as {
        profile: AllocationProfile
      }
      return profile
    },
    close: () => socket.terminate(),
  }
}
