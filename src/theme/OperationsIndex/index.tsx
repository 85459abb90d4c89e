import Link from '@docusaurus/Link'
import cards from '@generated/handbook/default/cards.json'
import symptoms from '@generated/handbook/default/symptoms.json'
import type { ReactNode } from 'react'
import { AlertName, SeverityBadges } from '../Procedure/Badge.tsx'
import { ProofBadge } from '../Procedure/ProofBadge.tsx'
import { sayPlainly } from '../Procedure/say-plainly.ts'
import styles from './styles.module.css'

/** Every alert that a runbook answers, with that runbook and its proofs. */
export function AlertIndex(): ReactNode {
  const rows = cards
    .flatMap(page => page.alerts.map(alert => ({ alert, page })))
    .toSorted((a, b) => a.alert.name.localeCompare(b.alert.name))
  return (
    <table className={styles.index ?? ''}>
      <thead>
        <tr>
          <th scope="col">Alert</th>
          <th scope="col">Runbook, and what its drills have shown</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ alert, page }) => (
          <tr key={`${alert.name} ${page.id}`}>
            <td>
              <AlertName name={alert.name} /> <SeverityBadges alert={alert} />
              {alert.summary && <p>{sayPlainly(alert.summary)}</p>}
            </td>
            <td>
              <Link to={page.permalink}>{page.title}</Link>
              {page.owner && <p>{page.owner.name}</p>}
              {page.drills.map(drill => (
                <p key={drill.id}>
                  <ProofBadge drill={drill} />
                </p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The symptoms in the words of people, who says them, and the runbooks for them. */
export function SymptomIndex(): ReactNode {
  const groups = [...new Set(symptoms.map(({ group }) => group))]
  return groups.map(group => (
    <table key={group} className={styles.index ?? ''}>
      <thead>
        <tr>
          <th scope="col">{group}</th>
          <th scope="col">Runbook</th>
        </tr>
      </thead>
      <tbody>
        {symptoms
          .filter(symptom => symptom.group === group)
          .map(({ title, permalink, runbooks }) => (
            <tr key={permalink}>
              <td>
                <Link to={permalink}>{title}</Link>
              </td>
              <td>
                {runbooks.map(runbook => (
                  <div key={runbook.permalink}>
                    <Link to={runbook.permalink}>{runbook.title}</Link>
                  </div>
                ))}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  ))
}
