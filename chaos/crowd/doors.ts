import type { Random } from '../random.ts'

/** Where people come in: the edge of an instance. */
export interface Door {
  name: string
  port: number
}

/** The doors that are open to newcomers, as a load balancer knows them. */
export class Doors {
  readonly #words = new Map<string, string>()
  #open: Door[] = []

  set open(doors: readonly Door[]) {
    this.#open = [...doors]
  }

  get open(): readonly Door[] {
    return this.#open
  }

  /** One at random; another one than `failed`, if there is another. */
  choose(random: Random, failed?: string): Door | null {
    const others = this.#open.filter(({ name }) => name !== failed)
    const choices = others.length > 0 ? others : this.#open
    return choices.length > 0 ? random.pick(choices) : null
  }

  /** The same text in one place in memory, however many devices keep it. */
  intern(text: string): string {
    const known = this.#words.get(text)
    if (known !== undefined) return known
    this.#words.set(text, text)
    return text
  }
}
