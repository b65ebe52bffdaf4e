import type { Connection, ConnectionOptions } from '../generator/connection.ts'
import type { ServerProcess } from '../ground/server-process.ts'
import type { Ground } from '../ground/ground.ts'

/** `before` is Skein of another checkout: what a change has changed, in one run. */
export const targetNames = ['skein', 'before', 'ws', 'socket-io', 'trpc'] as const
export type TargetName = (typeof targetNames)[number]

/** The same people and threads on every target. */
export const world = {
  /** All of them are in the large thread. */
  people: 1_000,
  /** Of five people each: 0 to 4 in the first, 5 to 9 in the second … */
  smallThreads: 200,
  membersOfSmall: 5,
  largeThread: 0,
  firstSmallThread: 1,
  /** Nobody follows it; it is there to be read. */
  historyThread: 201,
} as const

/** One instance of a target, as a process of its own. */
export interface Instance {
  port: number
  process: ServerProcess
}

/** A target whose database is filled. */
export interface Target {
  name: TargetName
  /** Who is who in the tables. */
  databaseName: string
  canResume: boolean
  /** Starts an instance and waits until it serves. */
  startInstance: (nodeFlags: readonly string[]) => Promise<Instance>
  connect: (instance: Instance, person: number, options: ConnectionOptions) => Connection
  /** A second way to resume, where there is one that costs the server less. */
  connectClever?: Target['connect']
}

export interface PrepareOptions {
  ground: Ground
  /** Messages in the thread of history; 0 where nobody asks for it. */
  historyMessages: number
  /** Of the database's name: a target may have several worlds. */
  suffix?: string
}

export type Prepare = (options: PrepareOptions) => Promise<Target>
