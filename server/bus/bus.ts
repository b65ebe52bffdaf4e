/** Carries signals between instances. A doorbell, not a store: any signal may be lost, doubled or late. */
export interface Bus {
  /** Sends to every subscriber of the subject on other instances, never back to this one. Never throws, never waits. */
  publish(subject: string, data: string): void
  /** Hears a subject; `*` matches one part, `>` the rest. @returns stops hearing. */
  subscribe(subject: string, handler: (data: string, subject: string) => void): () => void
  /** False while signals cannot reach the others; the sweep runs faster then. */
  readonly connected: boolean
  /** Calls back whenever `connected` becomes false. @returns ends that */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}
