import Link from '@docusaurus/Link'
import { useLocation } from '@docusaurus/router'
import { type ReactNode, useEffect, useState } from 'react'
import type { IncidentCard } from '../../../journal/index.ts'
import { formatMoment } from '../../../report/pure.ts'
import type { Session } from '../../../wire/index.ts'
import page from '../Alone.module.css'
import { type Answered, ask, sayRefusal } from '../connection/ask.ts'
import { useEnvironment } from '../environment.ts'
import { WithSession } from '../WithSession.tsx'
import styles from './Incident.module.css'
import { IncidentScreen } from './IncidentScreen.tsx'

/** The incident that the address names (`?incident=ID`), or all of an environment to choose from. */
export function Incidents(): ReactNode {
  const incident = new URLSearchParams(useLocation().search).get('incident')
  return (
    <WithSession what="Incidents">
      {session =>
        incident === null ? (
          <All session={session} />
        ) : (
          <IncidentScreen key={incident} incident={incident} session={session} />
        )
      }
    </WithSession>
  )
}

function All({ session }: { readonly session: Session }): ReactNode {
  const name = useEnvironment(session)?.name
  const [all, setAll] = useState<Answered<{ readonly incidents: readonly IncidentCard[] }>>()
  useEffect(() => {
    if (name === undefined) return
    const gone = new AbortController()
    void ask<{ readonly incidents: readonly IncidentCard[] }>(
      `/api/incidents?environment=${encodeURIComponent(name)}`,
      gone.signal,
    ).then(answer => gone.signal.aborted || setAll(answer))
    return () => gone.abort()
  }, [name])
  return (
    <div className={page.alone}>
      <h1>Incidents in {name}</h1>
      {all === undefined && <p>Asking the server …</p>}
      {all?.state === 'refused' && <p>{sayRefusal(all.refusal)}</p>}
      {all?.state === 'lost' && <p>The server did not answer: {all.why}. Reload the page.</p>}
      {all?.state === 'answered' && all.body.incidents.length === 0 && <p>None was declared.</p>}
      <ul className={styles.plain}>
        {all?.state === 'answered' &&
          all.body.incidents.map(({ id, severity, sees, declared, closed, commander }) => (
            <li key={id}>
              <Link to={`/incidents?incident=${id}`}>
                {severity ?? 'Severity not said'}: {sees ?? 'nobody said what customers see'}
              </Link>
              <small>
                {formatMoment(declared, new Date())}, {closed === undefined ? 'open' : 'closed'}, {commander}
              </small>
            </li>
          ))}
      </ul>
    </div>
  )
}
