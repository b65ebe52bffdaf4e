import { useEffect, useLayoutEffect as reactLayoutEffect } from 'react'

/** `useLayoutEffect` in the browser; on the server, where React only warns about it, nothing happens either way. */
export const useLayoutEffect = typeof document === 'undefined' ? useEffect : reactLayoutEffect
