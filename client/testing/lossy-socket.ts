/** A WebSocket, as Node has it, on a network that loses frames: those that `isLost` says. */
export function lossySocket(isLost: (text: string) => boolean): typeof WebSocket {
  return class LossySocket extends WebSocket {
    override addEventListener(
      type: string,
      listener: EventListenerOrEventListenerObject,
      options?: boolean | AddEventListenerOptions,
    ): void {
      if (type !== 'message') return super.addEventListener(type, listener, options)
      super.addEventListener(type, (event) => {
        if (isLost(String((event as MessageEvent).data))) return
        if (typeof listener === 'function') listener.call(this, event)
        else listener.handleEvent(event)
      })
    }
  }
}
