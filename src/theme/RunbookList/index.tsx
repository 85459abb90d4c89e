import Link from '@docusaurus/Link'
import cards from '@generated/handbook/default/cards.json'
import type { ReactNode } from 'react'
import type { ProcedureCard } from '../../plugin/index.ts'
import { AlertName, SeverityBadges } from '../Procedure/Badge.tsx'
import { ProofBadge } from '../Procedure/ProofBadge.tsx'
import Search from '../Search'
import styles from './styles.module.css'

/** The search, and every page that an alert leads to while nothing is typed into it. It starts with `start`, such as a part of a wrong address. */
export default function RunbookList({ start }: { readonly start?: string }): ReactNode {
  const runbooks = cards
    .filter(({ kind, alerts }) => kind === 'runbook' || alerts.length > 0)
    .toSorted((a, b) => rank(a) - rank(b))
  return (
    // Before its script runs, the page has no address to start from.
    <Search key={start} label="Alert, symptom or error code" {...(start === undefined ? {} : { start })}>
      <ul className={styles.list}>
        {runbooks.map(runbook => (
          <Row key={runbook.path} runbook={runbook} />
        ))}
      </ul>
    </Search>
  )
}

/** What harms customers most first; of those that harm equally, the more severe, and runbooks before guides. */
function rank({ kind, alerts }: ProcedureCard): number {
  const severities = alerts.flatMap(({ severities }) => severities)
  const urgency = ['critical', 'warning'].findIndex(severity => severities.includes(severity))
  const harm = Math.min(...alerts.map(alert => alert.rank ?? UNSAID))
  return harm * 6 + (urgency < 0 ? 2 : urgency) * 2 + (kind === 'runbook' ? 0 : 1)
}

/** Behind every consequence that a handbook names. */
const UNSAID = 1000

function Row({ runbook }: { readonly runbook: ProcedureCard }): ReactNode {
  const { permalink, title, alerts, owner, drills, meaning } = runbook
  return (
    <li className={styles.row}>
      <div>
        <Link to={permalink} className={styles.title ?? ''}>
          {title}
        </Link>
        {alerts.map(alert => (
          <span key={alert.name} className={styles.alert}>
            <AlertName name={alert.name} /> <SeverityBadges alert={alert} />
          </span>
        ))}
        {meaning && <p className={styles.meaning}>{meaning}</p>}
      </div>
      <div className={styles.state}>
        {drills.map(drill => (
          <span key={drill.id} className={styles.drill}>
            {drills.length > 1 && <code>{drill.fault}</code>}
            <ProofBadge drill={drill} />
          </span>
        ))}
        {owner && <span className={styles.owner}>{owner.name}</span>}
      </div>
    </li>
  )
}
