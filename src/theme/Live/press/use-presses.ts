import { useEffect, useRef, useState } from 'react'
import { sayRefusal } from '../connection/ask.ts'
import { sendPress } from '../connection/send-press.ts'
import { makeKey } from './make-key.ts'

/** What is pressed, one at a time. */
export interface Presses {
  /** Whether a press waits for its answer. */
  readonly busy: boolean
  /** What is to be said of the last press, if anything. */
  readonly says: string
  /** Sends it; gives what the server answered, or nothing when it refused. While another one waits, it does nothing. */
  press<T>(path: string, body: object): Promise<T | undefined>
  say(text: string): void
}

const LATE = 'The answer did not come, and it is not sent any more. Look whether it was done before you press again.'

/** Sends what somebody presses, each with a key of its own, until the server has answered or it is too late. */
export function usePresses(): Presses {
  const [busy, setBusy] = useState(false)
  const [says, say] = useState('')
  const waiting = useRef(false)
  const gone = useRef<AbortController>(undefined)
  useEffect(() => {
    gone.current = new AbortController()
    return () => gone.current?.abort()
  }, [])
  return {
    busy,
    says,
    say,
    async press<T>(path: string, body: object): Promise<T | undefined> {
      const signal = gone.current?.signal
      if (waiting.current || !signal) return undefined
      waiting.current = true
      setBusy(true)
      say('')
      const result = await sendPress<T>(path, { ...body, key: makeKey() }, signal, refusal =>
        say(`${refusal ? sayRefusal(refusal) : 'The answer did not come'}. It is sent again, and done once.`),
      )
      waiting.current = false
      if (result.state === 'given-up') return undefined
      setBusy(false)
      say(result.state === 'refused' ? sayRefusal(result.refusal) : result.state === 'late' ? LATE : '')
      return result.state === 'answered' ? result.body : undefined
    },
  }
}
