import { WebSocket } from 'ws'
import type { Refusal } from './frames.ts'

/** A call over a socket that was refused, or that nobody answered (`refusal` is null then). */
export class CallFailed extends Error {
  readonly refusal: Refusal | null

  constructor(message: string, refusal: Refusal | null) {
    super(message)
    this.refusal = refusal
  }
}

interface Waiting {
  socket: WebSocket
  resolve: (answer: unknown) => void
  reject: (error: CallFailed) => void
}

/** Calls of one device that wait for their answers. */
export class Calls {
  readonly #waiting = new Map<unknown, Waiting>()
  #lastId = 1

  begin(
    socket: WebSocket | null,
    call: { method: 'query' | 'mutation'; path: string; input: unknown },
    patienceMs: number,
  ): Promise<unknown> {
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.reject(new CallFailed('not connected', { reason: 'NOT_CONNECTED' }))
    const id = ++this.#lastId
    const { method, path, input } = call
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(id, 'no answer in time', null), patienceMs)
      this.#waiting.set(id, {
        socket,
        resolve: (answer) => {
          clearTimeout(timer)
          resolve(answer)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      })
      socket.send(JSON.stringify({ id, method, params: { path, input } }))
    })
  }

  isWaitingOn(socket: WebSocket): boolean {
    return [...this.#waiting.values()].some((waiting) => waiting.socket === socket)
  }

  settle(id: unknown, answer: unknown): void {
    this.#waiting.get(id)?.resolve(answer)
    this.#waiting.delete(id)
  }

  refuse(id: unknown, refusal: Refusal): void {
    this.#fail(id, refusal.reason, refusal)
  }

  /** The connection is gone: whatever went over it stays unanswered. */
  breakOff(socket: WebSocket): void {
    for (const [id, waiting] of this.#waiting)
      if (waiting.socket === socket) this.#fail(id, 'the connection broke', null)
  }

  #fail(id: unknown, message: string, refusal: Refusal | null): void {
    this.#waiting.get(id)?.reject(new CallFailed(message, refusal))
    this.#waiting.delete(id)
  }
}
