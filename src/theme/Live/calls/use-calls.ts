import { useEffect, useState } from 'react'
import type { CallsNow } from '../../../wire/index.ts'
import { type Answered, ask } from '../connection/ask.ts'

/** Milliseconds between two looks at the rota. */
const EVERY = 60_000

/** Whom to call now; nothing until the server has answered. */
export function useCalls(): Answered<CallsNow> | undefined {
  const [answered, setAnswered] = useState<Answered<CallsNow>>()
  useEffect(() => {
    let gone = false
    const look = () => void ask<CallsNow>('/api/on-call').then(answer => gone || setAnswered(answer))
    look()
    const timer = setInterval(look, EVERY)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [])
  return answered
}
