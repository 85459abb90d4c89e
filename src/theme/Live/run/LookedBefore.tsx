import Link from '@docusaurus/Link'
import { type ReactNode, useEffect, useState } from 'react'
import type { RunEvent } from '../../../journal/index.ts'
import type { AlertNowFiring, Now } from '../../../wire/index.ts'
import { ask } from '../connection/ask.ts'
import { sayAge } from '../say-age.ts'
import styles from './LookedBefore.module.css'
import { listFindings } from './list-findings.ts'

/** What the cheap steps of a page found when its alert arrived, before anybody looked, and how old that is. */
export function LookedBefore(props: {
  readonly page: string
  readonly environment: string
  /** The page's address: it may name an alert and its labels. */
  readonly query: URLSearchParams
}): ReactNode {
  const { page, environment, query } = props
  const look = useLook(page, environment, query)
  if (!look) return null
  const { run, age, found, over } = look
  return (
    <section className={styles.looked} aria-label="Looked at before you came">
      <p>
        Looked at {sayAge(age)} ago, by the cheap steps alone: <Link to={`/runs?run=${run}`}>its run</Link>.{' '}
        {over ? '' : 'It had not ended yet. '}
        Your run begins with Diagnose again.
      </p>
      {found.length > 0 && (
        <ul>
          {found.map(text => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** A look as it was when the page asked. */
interface Look {
  readonly run: string
  /** Milliseconds since it began, by the server's clock. */
  readonly age: number
  readonly found: readonly string[]
  readonly over: boolean
}

function useLook(page: string, environment: string, query: URLSearchParams): Look | undefined {
  const [look, setLook] = useState<Look>()
  const address = query.toString()
  useEffect(() => {
    const gone = new AbortController()
    const read = async () => {
      const now = await ask<Now>(`/api/now?environment=${encodeURIComponent(environment)}`, gone.signal)
      if (now.state !== 'answered') return
      const looked = findAlert(now.body.alerts, page, new URLSearchParams(address))?.looked
      if (!looked || !('run' in looked)) return setLook(undefined)
      const told = await ask<{ readonly events: readonly RunEvent[] }>(
        `/api/runs/${encodeURIComponent(looked.run)}`,
        gone.signal,
      )
      if (told.state !== 'answered' || gone.signal.aborted) return
      const { events } = told.body
      const age = Math.max(0, Date.parse(now.body.time) - Date.parse(looked.at))
      setLook({ run: looked.run, age, found: listFindings(events), over: events.at(-1)?.type === 'run.finished' })
    }
    void read()
    const timer = setInterval(() => void read(), EVERY)
    return () => {
      gone.abort()
      clearInterval(timer)
    }
  }, [page, environment, address])
  return look
}

/** Milliseconds after which it is asked again: a minute is what the age is told in. */
const EVERY = 15_000

/** The alert that an address names, else the page's only one that was looked at. */
function findAlert(
  alerts: readonly AlertNowFiring[],
  page: string,
  query: URLSearchParams,
): AlertNowFiring | undefined {
  const own = alerts.filter(alert => alert.page?.id === page && alert.looked)
  const name = query.get('alert')
  if (name === null) return own.length === 1 ? own[0] : undefined
  return own.find(alert => alert.name === name && namesLabels(alert, query))
}

/** Whether the labels that an address carries are those of the alert. */
function namesLabels({ labels }: AlertNowFiring, query: URLSearchParams): boolean {
  return [...query].every(([key, value]) => !key.startsWith(LABEL) || labels[key.slice(LABEL.length)] === value)
}

const LABEL = 'label.'
