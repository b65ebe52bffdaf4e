import { describe, expect, it } from 'vitest'
import { placeTooltip } from './place-tooltip.ts'

const room = { width: 400, height: 300 }
const tip = { width: 100, height: 20 }

describe('a tooltip', () => {
  it('stands centred on the side that was asked for', () => {
    const thing = { left: 200, top: 150, width: 40, height: 40 }
    expect(placeTooltip(thing, tip, 'top', room)).toEqual({ left: 170, top: 124 })
    expect(placeTooltip(thing, tip, 'bottom', room)).toEqual({ left: 170, top: 196 })
  })

  it('goes to the other side where it does not fit', () => {
    const atTop = { left: 200, top: 4, width: 40, height: 40 }
    const atFoot = { left: 200, top: 256, width: 40, height: 40 }
    expect(placeTooltip(atTop, tip, 'top', room).top).toBe(50)
    expect(placeTooltip(atFoot, tip, 'bottom', room).top).toBe(230)
  })

  it('never leaves the window', () => {
    const inCorner = { left: 0, top: 150, width: 20, height: 20 }
    const inOther = { left: 380, top: 150, width: 20, height: 20 }
    expect(placeTooltip(inCorner, tip, 'top', room).left).toBe(8)
    expect(placeTooltip(inOther, tip, 'top', room).left).toBe(292)
  })
})
