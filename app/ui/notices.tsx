import { X } from 'lucide-react'
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react'

export interface Notice {
  text: string
  /** An offer beside the text, such as "Undo". */
  action?: { label: string; run: () => void }
  /** Milliseconds until it goes; 5,000 unless told. */
  lasts?: number
}

interface Shown extends Notice {
  key: number
}

const NoticeContext = createContext<(notice: Notice) => () => void>(() => () => undefined)

/** Shows a short notice and returns how to take it back. Never for what went wrong with a message. */
export function useNotify(): (notice: Notice) => () => void {
  return useContext(NoticeContext)
}

/** The one polite status region of the page, at its foot. */
export function NoticeProvider({
  children,
  closeLabel,
}: {
  children: ReactNode
  closeLabel: string
}) {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const next = useRef(0)
  const close = useCallback((key: number) => {
    setShown((notices) => notices.filter((notice) => notice.key !== key))
  }, [])
  const notify = useCallback(
    (notice: Notice) => {
      const key = next.current++
      setShown((notices) => [...notices.slice(-2), { ...notice, key }])
      return () => close(key)
    },
    [close],
  )
  const list = useMemo(
    () =>
      shown.map((notice) => (
        <NoticeCard key={notice.key} notice={notice} closeLabel={closeLabel} onClose={close} />
      )),
    [shown, closeLabel, close],
  )
  return (
    <NoticeContext.Provider value={notify}>
      {children}
      <div
        role="status"
        className="pointer-events-none fixed inset-x-3 bottom-24 z-50 flex flex-col items-center gap-2"
      >
        {list}
      </div>
    </NoticeContext.Provider>
  )
}

interface NoticeCardProps {
  notice: Shown
  closeLabel: string
  onClose: (key: number) => void
}

function NoticeCard({ notice, closeLabel, onClose }: NoticeCardProps) {
  const { key, text, action, lasts = 5_000 } = notice
  useEffect(() => {
    const timer = setTimeout(() => onClose(key), lasts)
    return () => clearTimeout(timer)
  }, [key, lasts, onClose])
  return (
    <div className="surface-in pointer-events-auto flex max-w-md items-center gap-2 rounded-lg bg-ink py-1.5 ps-4 pe-1.5 text-sm font-medium text-surface shadow-float">
      <span className="min-w-0 flex-1 py-1">{text}</span>
      {action ? (
        <button
          type="button"
          className="h-8 rounded-md px-2.5 font-semibold underline decoration-1 underline-offset-4 hover:bg-white/10 dark:hover:bg-black/10"
          onClick={() => {
            action.run()
            onClose(key)
          }}
        >
          {action.label}
        </button>
      ) : null}
      <button
        type="button"
        aria-label={closeLabel}
        className="inline-flex size-8 items-center justify-center rounded-md opacity-70 hover:opacity-100"
        onClick={() => onClose(key)}
      >
        <X aria-hidden="true" className="size-4" />
      </button>
    </div>
  )
}
