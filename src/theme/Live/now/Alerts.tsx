import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import { formatMoment } from '../../../report/pure.ts'
import type { AlertLook, AlertNowFiring, Now, RunCard } from '../../../wire/index.ts'
import { AlertName, Badge, toneOf } from '../../Procedure/Badge.tsx'
import { sayAge } from '../say-age.ts'
import { linkRunbook, nameRunner, tellApart } from './judge-now.ts'
import styles from './Now.module.css'

/** What fires, most urgent first, each with the one thing to do. */
export function Alerts(props: { readonly now: Now; readonly serverTime: number; readonly person: string }): ReactNode {
  const { now, serverTime, person } = props
  const { alerts, environment, underWay } = now
  if (alerts.length === 0)
    return (
      <p className={styles.none}>
        Somebody sees something all the same? <a href="#runbooks">Search</a> for it: the key <kbd>/</kbd> does it on any
        page.
      </p>
    )
  return (
    <ol className={styles.alerts} aria-label="Alerts that fire">
      {alerts.map(alert => (
        <Alert
          key={`${alert.name} ${JSON.stringify(alert.labels)}`}
          alert={alert}
          environment={environment.name}
          run={underWay.find(({ run }) => run === alert.run)}
          apart={tellApart(alert, alerts)}
          serverTime={serverTime}
          person={person}
        />
      ))}
    </ol>
  )
}

function Alert(props: {
  readonly alert: AlertNowFiring
  readonly environment: string
  readonly run: RunCard | undefined
  /** What tells it apart from others of its name. */
  readonly apart: string
  readonly serverTime: number
  readonly person: string
}): ReactNode {
  const { alert, environment, run, apart, serverTime, person } = props
  const { name, severity, since, summary, consequence, quiet, handedOver, page } = alert
  const isOwn = run !== undefined && nameRunner(run) === person
  return (
    <li className={styles.alert} data-tone={quiet === undefined ? toneOf(severity) : 'plain'}>
      <p className={styles.alertName}>
        <AlertName name={name} /> {severity !== undefined && <Badge tone={toneOf(severity)}>{severity}</Badge>}
        {quiet !== undefined && <Badge tone="plain">{quiet}: nobody is told</Badge>}
      </p>
      {(summary ?? consequence) !== undefined && (
        <p className={styles.summary}>{[summary, consequence].filter(text => text !== undefined).join(': ')}</p>
      )}
      {apart !== '' && <p className={styles.since}>{apart}</p>}
      <p className={styles.since}>
        {since === '' ? (
          'since when is not known'
        ) : (
          <>
            since <time dateTime={since}>{formatMoment(since, new Date(serverTime))}</time>, for{' '}
            {sayAge(Math.max(0, serverTime - Date.parse(since)))}
          </>
        )}
        {' · '}
        {handedOver && 'handed over: it stays until its end is handed over, too · '}
        {isOwn ? (
          'you have it'
        ) : run ? (
          <>
            {nameRunner(run)} has it: <Link to={`/runs?run=${run.run}`}>Follow</Link>
          </>
        ) : alert.run === undefined ? (
          'nobody has begun a run for it here'
        ) : (
          <Link to={`/runs?run=${alert.run}`}>its run</Link>
        )}
        {alert.looked && (
          <>
            {' · '}
            <Looked look={alert.looked} serverTime={serverTime} />
          </>
        )}
      </p>
      {isOwn ? (
        <Link className={`${styles.open} hb-button`} to={linkOwnRun(run, environment, alert)}>
          Continue your run <span className={styles.title}>{run.title}</span>
        </Link>
      ) : page ? (
        <Link className={`${styles.open} hb-button`} to={linkRunbook(page.permalink, environment, alert)}>
          Open runbook <span className={styles.title}>{page.title}</span>
        </Link>
      ) : (
        <p className={styles.since}>
          No page answers it. <Link to="/docs/operations/troubleshooting">Troubleshooting</Link>
        </p>
      )}
    </li>
  )
}

/** A run of the alert's own page is continued beside it. */
function linkOwnRun({ run, procedure }: RunCard, environment: string, alert: AlertNowFiring): string {
  const { page } = alert
  return page?.id === procedure ? `${linkRunbook(page.permalink, environment, alert)}&run=${run}` : `/runs?run=${run}`
}

/** What looked at an alert before anybody did, with its age. */
function Looked({ look, serverTime }: { readonly look: AlertLook; readonly serverTime: number }): ReactNode {
  if ('refused' in look) return `nothing looked at it: ${look.refused}`
  return <Link to={`/runs?run=${look.run}`}>looked at {sayAge(Math.max(0, serverTime - Date.parse(look.at)))} ago</Link>
}
