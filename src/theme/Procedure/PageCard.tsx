import Link from '@docusaurus/Link'
import measures from '@generated/handbook/default/measures.json'
import type { ReactNode } from 'react'
import type { DrillCard, PageCardView, ProcedureCard } from '../../plugin/index.ts'
import { CallSlot, RunSlot } from '../Live/index.tsx'
import { RUN_BUTTON } from '../Live/run-button.ts'
import { AlertName, Badge, breakName, SeverityBadges } from './Badge.tsx'
import { Command } from './Command.tsx'
import { FeltPlot } from './FeltPlot.tsx'
import styles from './PageCard.module.css'
import { ProofBadge } from './ProofBadge.tsx'
import { findCard, parseView } from './page-data.ts'
import { Sections } from './Sections.tsx'
import { StepAnchor } from './Step.tsx'
import { sayPlainly } from './say-plainly.ts'
import { Unfold } from './Unfold.tsx'

/** The head of a procedure's page: what somebody who was just paged needs. The alerts, the first step, the command, whom to call. */
export function PageCard({ view }: { readonly view: string }): ReactNode {
  const page = parseView<PageCardView>(view)
  const { id, path, area, params, sections, steps, escalate } = page
  const card = findCard(path)
  const command = area === undefined ? `npx handbook run ${id}` : `npx handbook assess --area ${area}`
  const [first] = steps
  return (
    <>
      <div className={styles.card}>
        {card && <Alerts alerts={card.alerts} />}
        {card?.kind === 'assessment' && (
          <p className={styles.line}>
            Part of <Link to="/docs/readiness">the readiness scorecard</Link>
          </p>
        )}
        {first && card?.kind === 'runbook' && (
          <p className={styles.line}>
            <span className={styles.what}>First</span> <StepAnchor step={first} />
          </p>
        )}
        {area === undefined && (
          <div className="hb-live">
            <div id={RUN_BUTTON} className={styles.run} />
            <p className={`${styles.line} ${styles.what}`}>Or in a terminal</p>
          </div>
        )}
        <Command command={command} params={params} />
        {card?.owner && (
          <p className={`${styles.line} ${styles.call}`}>
            <span className={styles.what}>{card.kind === 'runbook' ? 'Call' : 'Owner'}</span> {card.owner.name}
            {card.owner.contact && <span className={styles.contact}> {card.owner.contact}</span>}
            {escalate && (
              <>
                {' '}
                <a href={`#${escalate}`}>Escalate</a>
              </>
            )}
          </p>
        )}
        {card?.owner && card.kind === 'runbook' && <CallSlot team={card.owner.name} />}
        {card && card.kind !== 'runbook' && <Reviewed card={card} />}
      </div>
      <Sections sections={sections} />
      {card && first && <Steps page={page} kind={card.kind} />}
      <RunSlot page={page} />
    </>
  )
}

function Alerts({ alerts }: Pick<ProcedureCard, 'alerts'>): ReactNode {
  return (
    alerts.length > 0 && (
      <ul className={styles.alerts}>
        {alerts.map(alert => (
          <li key={alert.name} className={styles.alert}>
            <AlertName name={alert.name} /> <SeverityBadges alert={alert} />
            {alert.summary && <span className={styles.summary}>{sayPlainly(alert.summary)}</span>}
          </li>
        ))}
      </ul>
    )
  )
}

/** The steps of the page as a list, where there is no room for the table of contents beside the text; and what unfolds their blocks. */
function Steps(props: { readonly page: PageCardView; readonly kind: ProcedureCard['kind'] }): ReactNode {
  const { page, kind } = props
  const { steps, folds } = page
  const word = kind === 'assessment' ? 'check' : 'step'
  return (
    <div className={`${styles.tools} hb-tools`}>
      <details className={styles.steps}>
        <summary>
          {steps.length} {steps.length === 1 ? word : `${word}s`}
        </summary>
        <ul>
          {steps.map(step => (
            <li key={step.id}>
              <StepAnchor step={step} />
            </li>
          ))}
        </ul>
      </details>
      {folds && <Unfold />}
      {kind === 'runbook' && (
        <a className="hb-needs-script hb-checklist" href="?print=checklist">
          A checklist to print
        </a>
      )}
    </div>
  )
}

/** What is known of a runbook, at its end: what its drills have shown, and when a person last read it. */
export function PageRecord({ view }: { readonly view: string }): ReactNode {
  const card = findCard(parseView<{ readonly path: string }>(view).path)
  return (
    card && (
      <section className={styles.record} aria-label="Proof and review">
        <dl className={styles.facts}>
          <div className={styles.wide}>
            <dt>Drilled</dt>
            <dd>
              <Proofs drills={card.drills} />
            </dd>
          </div>
          <div>
            <dt>Last reviewed</dt>
            <dd>{card.reviewed ? <time dateTime={card.reviewed}>{card.reviewed}</time> : 'never'}</dd>
          </div>
        </dl>
      </section>
    )
  )
}

function Reviewed({ card: { reviewed } }: { readonly card: ProcedureCard }): ReactNode {
  return (
    reviewed && (
      <p className={styles.line}>
        <span className={styles.what}>Last reviewed</span> <time dateTime={reviewed}>{reviewed}</time>
      </p>
    )
  )
}

/** What the drills of a procedure have proven. Each can be opened: it shows the fault and what was measured. */
function Proofs({ drills }: { readonly drills: readonly DrillCard[] }): ReactNode {
  if (drills.length === 0) return <Badge tone="plain">no drill is declared for this page</Badge>
  return drills.map(drill => <Proof key={drill.id} drill={drill} />)
}

function Proof({ drill }: { readonly drill: DrillCard }): ReactNode {
  const { felt, facts = [] } = measures[drill.id] ?? {}
  return (
    <details className={styles.proof}>
      <summary>
        <ProofBadge drill={drill} />
        <span className={styles.fault}>{drill.fault}</span>
      </summary>
      {felt && <FeltPlot felt={felt} />}
      <dl className={styles.measured}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{breakName(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
