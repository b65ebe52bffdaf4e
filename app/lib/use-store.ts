import { useSyncExternalStore } from 'react'
import type { Store } from './store.ts'

/** A part of the store's value. `select` must give the same object while nothing changed. */
export function useStore<Value, Part>(store: Store<Value>, select: (value: Value) => Part): Part {
  const read = () => select(store.get())
  return useSyncExternalStore(store.subscribe, read, read)
}
