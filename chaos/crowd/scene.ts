/** People before the curtain of one fault: a cast of its own, their devices, those who write, and who is removed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { check } from '../check/check.ts'
import { entitlementOf } from '../check/entitlement.ts'
import type { ClientRecord, Defect, History, Send } from '../check/history.ts'
import { readHistory } from '../check/read-history.ts'
import type { Random } from '../random.ts'
import type { World } from '../world.ts'
import { createCast, type Cast, type CastSize, type CastThread, type Person } from './cast.ts'
import { Device } from './device.ts'
import type { Doors } from './doors.ts'
import type { Habits } from './habits.ts'
import { httpCall } from './http-call.ts'
import { Load, type LoadOptions } from './load.ts'

type Writing = Pick<LoadOptions, 'messagesPerSecond' | 'length' | 'overSocket' | 'again'>

export interface SceneSize extends CastSize, Writing {
  /** Of each person. */
  devices: number
  /** Where the devices come in; by default where everyone does. */
  doors?: Doors
  /** Of the devices; by default they are hasty. */
  habits?: Habits
}

/** Somebody was taken out of a thread. */
export interface Removal {
  thread: CastThread
  person: Person
  /** When that was acknowledged. */
  at: number
}

/** How a scene ended. */
export interface SceneReport {
  history: History
  clients: readonly ClientRecord[]
  sends: readonly Send[]
  defects: readonly Defect[]
  /** Milliseconds from the last word until everyone had all of it; Infinity when somebody never had. */
  caughtUp: number
}

const livePatienceMs = 30_000
const askPatienceMs = 60_000
const caughtUpPatienceMs = 30_000

export class Scene {
  readonly cast: Cast
  readonly devices: readonly Device[]
  readonly load: Load
  readonly removals: Removal[] = []
  readonly #world: World
  readonly #random: Random
  readonly #devicesOf: ReadonlyMap<string, readonly Device[]>

  private constructor(
    world: World,
    random: Random,
    { name, size }: { name: string; size: SceneSize },
    cast: Cast,
    devices: readonly Device[],
  ) {
    this.#world = world
    this.#random = random
    this.cast = cast
    this.devices = devices
    this.#devicesOf = Map.groupBy(devices, ({ person }) => person.id)
    this.load = new Load({
      ...size,
      name,
      threads: cast.threads,
      devicesOf: ({ id }) => this.#devicesOf.get(id) ?? [],
      doors: world.doors,
      random: random.fork('load'),
    })
  }

  /** Makes the cast, connects all devices, and begins to write when every one of them is live. */
  static async open(world: World, name: string, size: SceneSize, random: Random): Promise<Scene> {
    const cast = await createCast(world.postgres.url, name, size, random.fork('cast'))
    return Scene.openWith(cast, world, name, size, random)
  }

  /** The same, with people who are there already. */
  static async openWith(
    cast: Cast,
    world: World,
    name: string,
    size: SceneSize,
    random: Random,
  ): Promise<Scene> {
    const { cursor, since } = await beginning(world, cast)
    const devices = cast.people.flatMap((person) =>
      Array.from({ length: size.devices }, (_, number) => {
        const label = `${person.handle}/${number + 1}`
        const { doors = world.doors, habits } = size
        const own = { name: label, person, random: random.fork(label), ...(habits && { habits }) }
        return new Device({ ...own, doors, cursor, since })
      }),
    )
    for (const device of devices) device.start()
    await until(() => devices.every(({ isLive }) => isLive), livePatienceMs)
    return new Scene(world, random, { name, size }, cast, devices)
  }

  /** Devices whose connection goes to this instance. */
  devicesAt(name: string): Device[] {
    return this.devices.filter(({ door }) => door === name)
  }

  /**
   * Takes somebody out of some thread, asking until it is done.
   * @param isMeant whom it may be; by default anyone
   * @throws RangeError when there is nobody
   */
  async removeSomebody(isMeant: (person: Person) => boolean = () => true): Promise<void> {
    const removable = ({ owner, members }: CastThread) =>
      members.filter((member) => member !== owner && isMeant(member))
    const thread = this.#random.pick(
      this.cast.threads.filter((each) => each.members.length > 2 && removable(each).length > 0),
    )
    const person = this.#random.pick(removable(thread))
    thread.members = thread.members.filter((member) => member !== person)
    await this.#ask(thread, 'participants.remove', { threadId: thread.id, userId: person.id })
    this.removals.push({ thread, person, at: Date.now() })
  }

  /** Lets one of those in again who were taken out. */
  async bringBackSomebody(): Promise<void> {
    const { thread, person } = this.#random.pick(this.removals)
    if (thread.members.includes(person)) return
    await this.#ask(thread, 'participants.add', { threadId: thread.id, userIds: [person.id] })
    thread.members = [...thread.members, person]
  }

  /** Asks for the owner of a thread, one instance after another, until it is done. */
  async #ask({ owner }: CastThread, verb: string, input: unknown): Promise<void> {
    for (const deadline = Date.now() + askPatienceMs; Date.now() < deadline; await sleep(200)) {
      const door = this.#world.doors.choose(this.#random)
      if (!door) continue
      const call = { port: door.port, token: owner.token, path: `threads.${verb}`, input }
      if ((await httpCall({ ...call, patienceMs: 2_000 })).status === 200) return
    }
    throw new Error(`threads.${verb} was not done within ${askPatienceMs} ms`)
  }

  /** Waits until everyone has everything. @returns what the database holds then, and after how many milliseconds. */
  async settle(): Promise<{ history: History; caughtUp: number }> {
    const quietAt = Date.now()
    const history = await this.readHistory()
    const hasAll = await until(() => this.#everyoneHasAll(history), caughtUpPatienceMs)
    return { history, caughtUp: hasAll ? Date.now() - quietAt : Infinity }
  }

  /** Ends the writing, waits until everyone has everything, sends all home, and compares. */
  async end(): Promise<SceneReport> {
    await this.load.stop()
    const { history, caughtUp } = await this.settle()
    // What should not come would come now.
    await sleep(300)
    for (const device of this.devices) device.stop()
    const clients = this.devices.map(({ record }) => record)
    const { sends } = this.load
    return { history, clients, sends, defects: check(history, clients, sends), caughtUp }
  }

  /** Ends it at once, without a look at how it went. */
  abandon(): void {
    this.load.giveUp()
    for (const device of this.devices) device.stop()
  }

  /** What the database holds of this scene. */
  readHistory(): Promise<History> {
    const threads = this.cast.threads.map(({ id }) => id)
    const people = this.cast.people.map(({ id }) => id)
    return this.#world.postgres.run((client) => readHistory(client, { threads, people }))
  }

  /** By the highest numbers alone, which is quick; whether anything is missing below them the checker says. */
  #everyoneHasAll(history: History): boolean {
    const heads = new Map(history.facts.map(({ stream, seq }) => [stream, seq]))
    return this.devices.every((device) => {
      const entitlement = entitlementOf(device.person.id, history)
      return [...heads].every(
        ([stream, head]) =>
          !entitlement.must(stream, head) ||
          (device.newest.get(stream) ?? 0) >= head ||
          head <= (device.record.since.get(stream) ?? Infinity),
      )
    })
  }
}

/** A cursor of this moment, and the heads of all streams: nobody writes yet. */
async function beginning(world: World, cast: Cast) {
  const [person] = cast.people
  const door = world.doors.open[0]
  if (!person || !door) throw new Error('there is nobody, or no instance')
  const { token } = person
  const call = { port: door.port, token, path: 'events.cursor', input: undefined }
  let cursor: string | null = null
  await until(async () => {
    const { status, data } = await httpCall({ ...call, method: 'GET', patienceMs: 5_000 })
    if (status === 200) cursor = (data as { cursor: string }).cursor
    return cursor !== null
  }, livePatienceMs)
  if (cursor === null) throw new Error('no cursor was given')
  const { rows } = await world.postgres.run((client) =>
    client.query<{ id: string; head: string }>('select id, head from streams'),
  )
  return { cursor, since: new Map(rows.map(({ id, head }) => [id, Number(head)])) }
}

/** @returns false when it did not come true in time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  patienceMs: number,
): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(50))
    if (await condition()) return true
  return condition()
}
