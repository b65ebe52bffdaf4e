/**
 * The part of the peer's packages that the bench calls. They are installed in bench/ when it first runs; types, lint and
 * the rest of `npm test` do not need them.
 */
declare module 'redis' {
  interface RedisClient {
    duplicate(): RedisClient
    connect(): Promise<unknown>
    on(event: 'error', listener: (error: Error) => void): this
  }
  export function createClient(options: { url: string }): RedisClient
}

declare module '@socket.io/redis-adapter' {
  export function createAdapter(publisher: object, subscriber: object): object
}

declare module 'socket.io' {
  type Acknowledge = (answer: unknown) => void
  interface Socket {
    join(rooms: string[]): Promise<void> | void
    on<Message>(
      event: string,
      listener: (message: Message, acknowledge: Acknowledge) => unknown,
    ): this
  }
  export class Server {
    constructor(http: object, options: { adapter: object })
    on(event: 'connection', listener: (socket: Socket) => void): this
    to(room: string): { emit(event: string, message: unknown): boolean }
  }
}
