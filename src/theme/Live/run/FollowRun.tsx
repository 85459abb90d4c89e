import Link from '@docusaurus/Link'
import { useHistory, useLocation } from '@docusaurus/router'
import { type ReactNode, useEffect, useState } from 'react'
import { formatMoment } from '../../../report/pure.ts'
import type { RunCard, Session } from '../../../wire/index.ts'
import page from '../Alone.module.css'
import { type Answered, ask, sayRefusal } from '../connection/ask.ts'
import { useEnvironment } from '../environment.ts'
import { WithSession } from '../WithSession.tsx'
import styles from './FollowRun.module.css'
import { RunScreen } from './RunScreen.tsx'

/** The run that the address names (`?run=ID`), or the last runs to choose from. */
export function FollowRun(): ReactNode {
  const run = new URLSearchParams(useLocation().search).get('run')
  const history = useHistory()
  return (
    <WithSession what="Runs">
      {session =>
        run === null ? (
          <Runs session={session} />
        ) : (
          <div className={styles.screen}>
            <h1 className={styles.hidden}>A run of this handbook</h1>
            <RunScreen key={run} run={run} session={session} onFollow={other => history.push(`/runs?run=${other}`)} />
          </div>
        )
      }
    </WithSession>
  )
}

function Runs({ session }: { readonly session: Session }): ReactNode {
  const name = useEnvironment(session)?.name
  const [runs, setRuns] = useState<Answered<{ readonly runs: readonly RunCard[] }>>()
  useEffect(() => {
    if (name === undefined) return
    const gone = new AbortController()
    void ask<{ readonly runs: readonly RunCard[] }>(
      `/api/runs?environment=${encodeURIComponent(name)}&limit=20`,
      gone.signal,
    ).then(answer => gone.signal.aborted || setRuns(answer))
    return () => gone.abort()
  }, [name])
  return (
    <div className={`${page.alone} ${styles.list}`}>
      <h1>The last runs in {name}</h1>
      {runs === undefined && <p>Asking the server …</p>}
      {runs?.state === 'answered' && runs.body.runs.length === 0 && <p>There is none.</p>}
      {runs?.state === 'refused' && <p>{sayRefusal(runs.refusal)}</p>}
      {runs?.state === 'lost' && <p>The server did not answer: {runs.why}. Reload the page.</p>}
      <ul>
        {runs?.state === 'answered' &&
          runs.body.runs.map(({ run, title, by, started, outcome }) => (
            <li key={run}>
              <Link to={`/runs?run=${run}`}>{title}</Link>
              <small>
                {formatMoment(started, new Date())}, {by.user}@{by.host},{' '}
                {outcome?.replace('-', ' ') ?? 'has not ended'}
              </small>
            </li>
          ))}
      </ul>
    </div>
  )
}
