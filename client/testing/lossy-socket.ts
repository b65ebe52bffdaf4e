/** A WebSocket, as Node has it, on a network that loses frames: those that `isLost` says. */
export function lossySocket(isLost: (text: string) => boolean): typeof WebSocket {
  return class LossySocket extends WebSocket {
    override addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void {
      const sieve = (event: Event) => {
        if (event instanceof MessageEvent && isLost(String(event.data))) return
        if (typeof listener === 'function') listener.call(this, event)
        else listener.handleEvent(event)
      }
      super.addEventListener(type, sieve, options)
    }
  }
}
