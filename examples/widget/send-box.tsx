import { SkeinError } from '@skein/client'
import { useSkein } from '@skein/client/react'
import type { Dispatch, KeyboardEvent, SetStateAction } from 'react'
import { useState } from 'react'

/** Said here, not come back yet. */
export interface Pending {
  clientId: string
  text: string
  /** Why it was not sent. */
  problem?: string
}

interface SendBoxProps {
  threadId: string
  pending: readonly Pending[]
  setPending: Dispatch<SetStateAction<readonly Pending[]>>
}

/** Shows at once what is said, and sends it until there is a definite answer. */
export function SendBox({ threadId, pending, setPending }: SendBoxProps) {
  const client = useSkein()
  const [text, setText] = useState('')
  const failed = pending.find(({ problem }) => problem !== undefined)

  async function send({ clientId, text }: Pending) {
    setPending((before) => [
      ...before.filter((each) => each.clientId !== clientId),
      { clientId, text },
    ])
    try {
      await client.send({ threadId, text, clientId })
    } catch (error) {
      const problem = error instanceof SkeinError ? error.message : String(error)
      setPending((before) =>
        before.map((each) => (each.clientId === clientId ? { ...each, problem } : each)),
      )
    }
  }

  function submit() {
    if (text.trim() === '') return
    setText('')
    void send({ clientId: `widget:${Date.now()}:${Math.random().toString(36).slice(2)}`, text })
  }

  function onKeyDown(event: KeyboardEvent) {
    // An input method's Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {failed ? (
        <p className="skein-trouble" role="alert">
          {failed.problem}{' '}
          <button type="button" onClick={() => void send(failed)}>
            Send again
          </button>
        </p>
      ) : null}
      <textarea
        aria-label="Message"
        placeholder="Say something"
        dir="auto"
        rows={2}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button>Send</button>
    </form>
  )
}
