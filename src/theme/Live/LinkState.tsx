import type { ReactNode } from 'react'
import { sayRefusal } from './connection/ask.ts'
import type { Streamed } from './create-stream-store.ts'
import styles from './LinkState.module.css'
import { sayAge } from './say-age.ts'

/** The server sends something every 5 s: what is older than this, in milliseconds, is not what is so now. */
export const FRESH = 12_000

/** Whether what is shown may not be so any more. */
export function isStale({ link, heard }: Pick<Streamed<unknown>, 'link' | 'heard'>, clock: number): boolean {
  if (link.state === 'ended') return false
  return link.state === 'lost' || link.state === 'refused' || (heard !== undefined && clock - heard > FRESH)
}

/** Whether the server is heard, in a line that is always there, so that nothing moves when it changes. */
export function LinkState(props: { readonly streamed: Streamed<unknown>; readonly clock: number }): ReactNode {
  const { streamed, clock } = props
  return (
    <p className={styles.link} role="status" data-lost={isStale(streamed, clock)}>
      {sayLink(streamed, clock)}
    </p>
  )
}

function sayLink(streamed: Streamed<unknown>, clock: number): string {
  const { link, heard } = streamed
  const old = heard === undefined ? '' : `: this is ${sayAge(Math.max(0, clock - heard))} old`
  if (link.state === 'refused') return `${sayRefusal(link.refusal)}${old}`
  if (link.state === 'lost') return `The server is not heard${old}. It is called again`
  if (isStale(streamed, clock)) return `The server is silent${old}`
  return link.state === 'opening' ? 'Connects …' : link.state === 'ended' ? 'ended' : 'live'
}
