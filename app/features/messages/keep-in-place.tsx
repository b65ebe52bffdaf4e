import { Component, type ReactNode, type RefObject } from 'react'

export interface KeepInPlaceProps {
  scroller: RefObject<HTMLElement | null>
  /** Changes with what is in the list; nothing is measured for any other reason. */
  content: unknown
  children: ReactNode
}

/**
 * Held at its foot, since its head may change: with older ones above it, a message need not say again whose it is. Only
 * messages hold: the line of a day goes up to the first message of that day.
 */
interface Anchor {
  message: HTMLElement
  bottom: number
}

/**
 * Rows may come and go above and below: the one that is being read stays where it is. At the very end the list
 * follows what arrives. A class, because only `getSnapshotBeforeUpdate` sees the rows before they move.
 */
export class KeepInPlace extends Component<KeepInPlaceProps> {
  override getSnapshotBeforeUpdate(previous: KeepInPlaceProps): Anchor | null {
    const scroller = this.props.scroller.current
    if (!scroller || previous.content === this.props.content || isAtEnd(scroller)) return null
    const { top } = scroller.getBoundingClientRect()
    for (const message of scroller.querySelectorAll<HTMLElement>('[data-message]')) {
      const { bottom } = message.getBoundingClientRect()
      if (bottom > top) return { message, bottom }
    }
    return null
  }

  override componentDidUpdate(_props: KeepInPlaceProps, _state: unknown, anchor: Anchor | null) {
    const scroller = this.props.scroller.current
    if (!scroller || !anchor?.message.isConnected) return
    const moved = anchor.message.getBoundingClientRect().bottom - anchor.bottom
    if (moved !== 0) scroller.scrollTop += moved
  }

  override render() {
    return this.props.children
  }
}

/** The list is laid out from its end: there `scrollTop` is 0, and negative above it. */
export function isAtEnd(scroller: HTMLElement): boolean {
  return scroller.scrollTop > -2
}

/** Near enough to the end to count as being there. */
export function isNearEnd(scroller: HTMLElement): boolean {
  return scroller.scrollTop > -100
}
