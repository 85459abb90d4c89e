import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import type { DrillCard, OverviewView, ParamView, ProcedureCard } from '../../plugin/index.ts'
import { AlertName, Badge, SeverityBadges } from './Badge.tsx'
import { CopyButton } from './CopyButton.tsx'
import styles from './Overview.module.css'
import { ProofBadge } from './ProofBadge.tsx'
import { parseView, useCard } from './page-data.ts'
import { Sections } from './Sections.tsx'

/** The head of a procedure's page: its alerts, its owner, its proofs, and how to run it. */
export function Overview({ view }: { readonly view: string }): ReactNode {
  const { id, path, area, params, sections } = parseView<OverviewView>(view)
  const card = useCard(path)
  const command = area === undefined ? `npx handbook run ${id}` : `npx handbook assess --area ${area}`
  return (
    <>
      <div className={styles.overview}>
        <dl className={styles.facts}>{card && <Facts card={card} />}</dl>
        <div className={`${styles.command} hb-not-searched`}>
          <code>
            <span aria-hidden="true">$ </span>
            {command}
          </code>
          <CopyButton text={command} label="Copy" />
        </div>
        {params.length > 0 && <Params params={params} />}
      </div>
      <Sections sections={sections} />
    </>
  )
}

function Facts({ card }: { readonly card: ProcedureCard }): ReactNode {
  const { alerts, owner, reviewed, drills, kind } = card
  return (
    <>
      {alerts.length > 0 && (
        <div className={styles.wide}>
          <dt>Answers</dt>
          {alerts.map(alert => (
            <dd key={alert.name} className={styles.alert}>
              <AlertName name={alert.name} /> <SeverityBadges alert={alert} />
              {alert.summary && <span className={styles.summary}>{sayPlainly(alert.summary)}</span>}
            </dd>
          ))}
        </div>
      )}
      {kind === 'assessment' && (
        <div className={`${styles.wide} hb-not-searched`}>
          <dt>Part of</dt>
          <dd>
            <Link to="/docs/readiness">the readiness scorecard</Link>
          </dd>
        </div>
      )}
      {kind === 'runbook' && (
        <div className={`${styles.wide} hb-not-searched`}>
          <dt>Drilled</dt>
          <dd>
            <Proofs drills={drills} />
          </dd>
        </div>
      )}
      {owner && (
        <div className="hb-not-searched">
          <dt>Owner</dt>
          <dd>
            {owner.name}
            {owner.contact && <span className={styles.contact}>{owner.contact}</span>}
          </dd>
        </div>
      )}
      {reviewed && (
        <div className="hb-not-searched">
          <dt>Last reviewed</dt>
          <dd>
            <time dateTime={reviewed}>{reviewed}</time>
          </dd>
        </div>
      )}
    </>
  )
}

/** The summary of an alert without labels: only a firing alert has values for them. */
export function sayPlainly(summary: string): string {
  return summary.replaceAll(/\{\{.*?\}\} ?/g, '')
}

function Params({ params }: { readonly params: readonly ParamView[] }): ReactNode {
  return (
    <details className={`${styles.params} hb-not-searched`}>
      <summary>
        {params.length === 1 ? '1 parameter' : `${params.length} parameters`}:{' '}
        {params.map(({ name, default: value }) => (
          <code key={name}>
            {name}
            {value === undefined ? '' : `=${value}`}
          </code>
        ))}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Type</th>
            <th scope="col">Default</th>
            <th scope="col">In bash</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {params.map(({ name, type, default: value, variable, description }) => (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td>{type}</td>
              <td>{value === undefined ? 'none: must be given' : <code>{value}</code>}</td>
              <td>
                <code>{variable}</code>
              </td>
              <td>{description ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** What the drills of a procedure have proven. Each can be opened: it shows the fault and what was measured. */
function Proofs({ drills }: { readonly drills: readonly DrillCard[] }): ReactNode {
  if (drills.length === 0) return <Badge tone="plain">no drill is declared for this page</Badge>
  return drills.map(drill => <Proof key={drill.id} drill={drill} />)
}

function Proof({ drill }: { readonly drill: DrillCard }): ReactNode {
  return (
    <details className={styles.proof}>
      <summary>
        <ProofBadge drill={drill} />
        <span className={styles.fault}>{drill.fault}</span>
      </summary>
      <dl className={styles.measured}>
        {drill.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
