/**
 * How node is started for an instance: MiB of V8's young generation, of which there are two, and of the heap that it begins
 * with (docs/decisions/013); and leave to collect what a storm of connections left behind (015). package.json, Dockerfile
 * and fly.toml say the same.
 */
export const nodeFlags: readonly string[] = [
  '--max-semi-space-size=64',
  '--initial-heap-size=96',
  '--expose-gc',
]
