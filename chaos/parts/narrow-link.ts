import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { findFreePort } from '../../server/testing/free-port.ts'

/** Bytes of what was received or sent that the system keeps for a connection; it doubles them for its own book-keeping. */
const buffer = 32 * 1024
/** Bytes, as over Ethernet. With loopback's 64 KB who sends has a buffer of megabytes for each connection, too. */
const segment = 1_400
const narrow = `rcvbuf=${buffer},sndbuf=${buffer},mss=${segment}`

/**
 * The way to an instance of readers with little memory. The system gives a reader on this machine tens of megabytes, which
 * take all that it leaves unread; Node cannot ask for less, so socat stands between them, with a process for each connection.
 */
export class NarrowLink {
  readonly port: number
  readonly #socat: ChildProcess

  private constructor(port: number, socat: ChildProcess) {
    this.port = port
    this.#socat = socat
  }

  /**
   * @param target port of loopback
   * @throws when there is no socat
   */
  static async open(target: number): Promise<NarrowLink> {
    const port = await findFreePort()
    const socat = spawn(
      'socat',
      [
        `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork,backlog=256,${narrow}`,
        `TCP:127.0.0.1:${target},${narrow}`,
      ],
      // A process group of its own, with all its connections.
      { detached: true, stdio: 'ignore' },
    )
    const link = new NarrowLink(port, socat)
    process.once('exit', link.#kill)
    try {
      await once(socat, 'spawn')
    } catch (cause) {
      throw new Error('needs socat: apt-get install socat', { cause })
    }
    return link
  }

  async close(): Promise<void> {
    process.off('exit', this.#kill)
    if (!this.#isRunning) return
    const ended = once(this.#socat, 'exit')
    this.#kill()
    await ended
  }

  get #isRunning(): boolean {
    return this.#socat.exitCode === null && this.#socat.signalCode === null
  }

  readonly #kill = (): void => {
    const { pid } = this.#socat
    if (pid !== undefined && this.#isRunning) process.kill(-pid, 'SIGKILL')
  }
}
