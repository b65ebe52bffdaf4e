import { fileURLToPath } from 'node:url'
import { poolSize } from '../ground/ground.ts'
import { findFreePort } from '../../server/testing/free-port.ts'
import { untilPortAnswers } from '../ground/ports.ts'
import { startProcess } from '../ground/server-process.ts'
import { createPeerDatabase } from './peer-database.ts'
import type { PrepareOptions, Target } from './target.ts'

/** What an instance of a peer is told, as JSON in its one argument. */
export interface PeerSettings {
  port: number
  databaseUrl: string
  poolSize: number
  natsUrl: string
  redisUrl: string | null
}

/** A peer: a database of its own, and server.ts in its folder as instances. */
export async function preparePeer(
  peer: Pick<Target, 'name' | 'canResume' | 'connect' | 'connectClever'> & { folder: string },
  { ground, historyMessages, suffix = '' }: PrepareOptions,
): Promise<Target> {
  const { folder, ...target } = peer
  const databaseName = `bench_${folder.replaceAll('-', '_')}${suffix}`
  const databaseUrl = await createPeerDatabase(ground, databaseName, historyMessages)
  const { natsUrl, redisUrl } = ground
  const server = fileURLToPath(new URL(`${folder}/server.ts`, import.meta.url))
  return {
    ...target,
    databaseName,
    async startInstance(nodeFlags) {
      const port = await findFreePort()
      const settings: PeerSettings = { port, databaseUrl, poolSize, natsUrl, redisUrl }
      const started = startProcess({
        name: peer.name,
        command: process.execPath,
        args: [...nodeFlags, server, JSON.stringify(settings)],
      })
      await untilPortAnswers(port, peer.name)
      return { port, process: started }
    },
  }
}
