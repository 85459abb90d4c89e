import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import { formatMoment } from '../../../report/pure.ts'
import type { Now, RunCard } from '../../../wire/index.ts'
import { OnCall } from '../calls/OnCall.tsx'
import { sayAge } from '../say-age.ts'
import { nameRunner } from './judge-now.ts'
import styles from './Now.module.css'

/** What goes on beside the alerts: runs under way, what is unreverted, and what was changed last. */
export function Beside(props: { readonly now: Now; readonly serverTime: number; readonly person: string }): ReactNode {
  const { now, serverTime, person } = props
  const { underWay, unreverted, changes, approvals } = now
  const today = new Date(serverTime)
  return (
    <div className={styles.beside}>
      {approvals.length > 0 && (
        <section aria-labelledby="approvals-title">
          <h3 id="approvals-title">Waits for an approval</h3>
          <ul>
            {approvals.map(({ run, step, title, by, since }) => (
              <li key={`${run} ${step}`}>
                <Link to={`/runs?run=${run}`}>{title}</Link>
                <small>
                  {by} has waited for {sayAge(Math.max(0, serverTime - Date.parse(since)))}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="under-way-title">
        <h3 id="under-way-title">Under way</h3>
        {underWay.length === 0 && <p>No run is under way.</p>}
        <ul>
          {underWay.map(card => (
            <li key={card.run}>
              <Link to={`/runs?run=${card.run}`}>{nameRunner(card) === person ? 'Continue' : 'Follow'}</Link>{' '}
              {card.title}
              <small>
                {card.claimed !== undefined && `${card.claimed}, as claimed on `}
                {card.by.user}@{card.by.host}, for {sayAge(Math.max(0, serverTime - Date.parse(card.started)))}
              </small>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="unreverted-title">
        <h3 id="unreverted-title">Unreverted changes</h3>
        {unreverted.length === 0 && <p>None is recorded.</p>}
        <ul>
          {unreverted.map(({ run, procedure, changes }) => (
            <li key={run}>
              {changes.join(', ')}
              <small>
                {procedure}, <Link to={`/runs?run=${run}`}>its run</Link>
              </small>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="changes-title">
        <h3 id="changes-title">Changed last</h3>
        {changes.length === 0 && <p>No run is recorded that changed something.</p>}
        <ul>
          {changes.map(card => (
            <Change key={card.run} card={card} today={today} />
          ))}
        </ul>
      </section>
      <OnCall serverTime={serverTime} />
    </div>
  )
}

function Change({ card, today }: { readonly card: RunCard; readonly today: Date }): ReactNode {
  const { run, title, by, started, outcome } = card
  return (
    <li>
      <Link to={`/runs?run=${run}`}>{title}</Link>
      <small>
        {formatMoment(started, today)}, {by.user}
        {outcome !== undefined && `, ${outcome.replace('-', ' ')}`}
      </small>
    </li>
  )
}
