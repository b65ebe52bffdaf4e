import { createContext, useContext } from 'react'

/**
 * The nonce of this response's content policy. In the browser it is empty on purpose: browsers hide the
 * attribute once parsed, so an empty string is what hydration finds there.
 */
const NonceContext = createContext('')

export const NonceProvider = NonceContext.Provider

export function useNonce(): string {
  return useContext(NonceContext)
}
