export type TooltipSide = 'top' | 'bottom'

export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const gap = 6
const margin = 8

/** Where a tooltip goes: centred on its thing, on the side asked for where it fits, always inside the window. */
export function placeTooltip(
  thing: Box,
  tip: Pick<Box, 'width' | 'height'>,
  side: TooltipSide,
  room: Pick<Box, 'width' | 'height'>,
): { left: number; top: number } {
  const above = thing.top - gap - tip.height
  const below = thing.top + thing.height + gap
  const fitsAbove = above >= margin
  const fitsBelow = below + tip.height <= room.height - margin
  const goesAbove = side === 'top' ? fitsAbove || !fitsBelow : fitsAbove && !fitsBelow
  const centred = thing.left + (thing.width - tip.width) / 2
  const rightmost = room.width - margin - tip.width
  return {
    left: Math.round(Math.max(margin, Math.min(centred, rightmost))),
    top: Math.round(goesAbove ? above : below),
  }
}
