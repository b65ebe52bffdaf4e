/** Does `work` for each, so many at once. The first failure ends it. */
export async function inBatches<T>(
  items: readonly T[],
  width: number,
  work: (item: T, place: number) => Promise<void>,
): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      while (next < items.length) {
        const place = next++
        const item = items[place]
        if (item !== undefined) await work(item, place)
      }
    }),
  )
}
