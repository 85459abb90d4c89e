import Link from '@docusaurus/Link'
import { type ReactNode, useEffect, useState } from 'react'
import type { Now } from '../../../wire/index.ts'
import { ask } from '../connection/ask.ts'
import styles from './ControlBar.module.css'

/** Where one goes on after a run: to what fires now, and to the incident that is open. */
export function AfterRun(props: { readonly environment: string; readonly good: boolean }): ReactNode {
  const { environment, good } = props
  const [incidents, setIncidents] = useState<Now['incidents']>([])
  const query = `environment=${encodeURIComponent(environment)}`
  useEffect(() => {
    const gone = new AbortController()
    void ask<Now>(`/api/now?${query}`, gone.signal).then(answer => {
      if (answer.state === 'answered' && !gone.signal.aborted) setIncidents(answer.body.incidents)
    })
    return () => gone.abort()
  }, [query])
  const [incident, ...others] = incidents
  const address = others.length > 0 ? `?${query}` : `?incident=${incident?.id}`
  return (
    <nav className={styles.after} aria-label="What to do next">
      <Link className={`${styles.go} hb-button`} to={`/?${query}`}>
        What fires now
      </Link>
      {incident && (
        <Link className={`${styles.button} hb-button`} to={`/incidents${address}`}>
          {others.length > 0 ? 'Open incidents' : good ? 'Close the incident …' : 'The incident'}
        </Link>
      )}
    </nav>
  )
}
