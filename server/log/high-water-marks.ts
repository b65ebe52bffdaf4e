/** Up to where a connection was given each stream. Empty for most: it takes no memory then. */
export class HighWaterMarks {
  #marks: Map<string, number> | null = null

  /** Was this given before? */
  covers({ stream, seq }: { stream: string; seq: number }): boolean {
    return this.#marks !== null && seq <= (this.#marks.get(stream) ?? 0)
  }

  raise(stream: string, seq: number): void {
    this.#marks ??= new Map()
    if (seq > (this.#marks.get(stream) ?? 0)) this.#marks.set(stream, seq)
  }

  /** What came after this seq was not given after all. */
  lower(stream: string, seq: number): void {
    if ((this.#marks?.get(stream) ?? 0) > seq) this.#marks?.set(stream, seq)
  }

  /** Forgets the marks that somebody else will not go below anyway. */
  keepAhead(of: (stream: string) => number): void {
    const ahead = [...(this.#marks ?? [])].filter(([stream, seq]) => seq > of(stream))
    this.#marks = ahead.length > 0 ? new Map(ahead) : null
  }
}
