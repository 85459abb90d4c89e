import { type ReactNode, useEffect, useState } from 'react'
import type { WatchersNow } from '../../../wire/index.ts'
import { ask } from '../connection/ask.ts'
import { makeKey } from '../press/make-key.ts'
import { sayWatchers } from './say-watchers.ts'

/** Milliseconds between two times that a window says that it is there. */
export const EVERY = 3000

/** Who looks at a run in a browser, on a line that is there anyway. A window that nobody sees is not here. */
export function WhoIsHere({ run, person }: { readonly run: string; readonly person: string }): ReactNode {
  const [now, setNow] = useState<WatchersNow>()
  useEffect(() => {
    if (run === '') return
    const window = makeKey()
    const path = `/api/runs/${encodeURIComponent(run)}/here`
    const gone = new AbortController()
    const leave = () => {
      // What is sent now is sent although the page ends.
      const body = JSON.stringify({ window, leaves: true })
      void fetch(path, {
        method: 'POST',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body,
      }).catch(() => undefined)
    }
    const say = () => {
      if (document.hidden) return
      void ask<WatchersNow>(path, gone.signal, { window }).then(answered => {
        if (!gone.signal.aborted) setNow(answered.state === 'answered' ? answered.body : undefined)
      })
    }
    const turn = () => (document.hidden ? leave() : say())
    say()
    const timer = setInterval(say, EVERY)
    document.addEventListener('visibilitychange', turn)
    addEventListener('pagehide', leave)
    return () => {
      gone.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', turn)
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [run])
  return (
    now && <span title="In a browser. Terminals that follow it are not known.">{sayWatchers(now.here, person)}</span>
  )
}
