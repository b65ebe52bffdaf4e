/**
 * How node is started for an instance: MiB of V8's young generation, which would grow with every storm of connections
 * (docs/decisions/010), and of the heap that it begins with (013); what was compiled stays so (015); heaps are made smaller
 * after five minutes of rest, not after eight seconds (018, 022); what is done a few times a second is compiled by the
 * middle compiler within seconds, not after 400 times (022). Node's own code lies on large pages where there are any:
 * after a rest, to find a page costs more than to run what is on it (022). package.json, Dockerfile and fly.toml say
 * the same.
 */
export const nodeFlags: readonly string[] = [
  '--max-semi-space-size=16',
  '--initial-heap-size=96',
  '--no-flush-bytecode',
  '--gc-memory-reducer-start-delay-ms=300000',
  '--invocation-count-for-maglev=6',
  '--use-largepages=silent',
]
