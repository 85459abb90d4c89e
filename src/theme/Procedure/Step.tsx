import Link from '@docusaurus/Link'
import { Children, type ReactNode } from 'react'
import type { BlockView, PhaseView, StepLink, StepView } from '../../plugin/index.ts'
import { PlotSlot } from '../Live/index.tsx'
import { Badge, Icon, RiskBadge } from './Badge.tsx'
import { useGiven } from './Command.tsx'
import { CopyButton } from './CopyButton.tsx'
import { completeCommand } from './complete-command.ts'
import { findCard, parseView } from './page-data.ts'
import styles from './Step.module.css'
import { useSiteData } from './site-data.ts'

/** A step's card: its risk, its limits, whether a drill has run it, then the author's text. */
export function StepCard({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const step = parseView<StepView>(view)
  const [heading, ...rest] = Children.toArray(children)
  const drilled = findCard(step.path)?.undrilled.includes(step.id) === false
  return (
    <section className={styles.step} data-risk={step.risk} aria-labelledby={step.id}>
      {heading}
      <div className={`${styles.facts} hb-step-facts`}>
        <RiskBadge risk={step.risk} />
        {step.temporary && (
          <Badge tone="plain" icon="temporary" title="Rolled back after Mitigate">
            temporary
          </Badge>
        )}
        {step.measures ? (
          <Measures measures={step.measures} />
        ) : (
          // That no drill has run a step which only reads says nothing.
          (drilled || step.risk !== 'read') && (
            <Badge tone="plain" icon={drilled ? 'proven' : 'not-proven'}>
              {drilled ? 'run in drill' : 'no drill has run this step'}
            </Badge>
          )
        )}
        <Limits step={step} />
      </div>
      {rest}
      <Ways step={step} />
    </section>
  )
}

/** The items that a check measures, with links to the scorecard, and the mutations that must make it fail. */
function Measures({
  measures: { items, breaks },
}: {
  readonly measures: NonNullable<StepView['measures']>
}): ReactNode {
  return (
    <>
      <span className={styles.limits}>
        measures{' '}
        {items.map((item, index) => (
          <span key={item}>
            {index > 0 && ', '}
            {/* Before the first assessment, the scorecard has no items. */}
            <Link to={`/docs/readiness#${item}`} data-noBrokenLinkCheck>
              {item}
            </Link>
          </span>
        ))}
      </span>
      {breaks.length > 0 && <span className={styles.limits}>must fail for {breaks.join(', ')}</span>}
    </>
  )
}

function Limits({ step: { timeout, retries, every } }: { readonly step: StepView }): ReactNode {
  const parts = [
    ...(timeout === undefined ? [] : [`at most ${timeout}`]),
    ...(retries === 0 ? [] : [`${retries} ${retries === 1 ? 'retry' : 'retries'} every ${every}`]),
  ]
  return parts.length > 0 && <span className={styles.limits}>{parts.join(', ')}</span>
}

function Ways({ step }: { readonly step: StepView }): ReactNode {
  const { undoes, undoneBy, when, irreversible } = step
  if (!undoes && !undoneBy && irreversible === undefined) return null
  return (
    <p className={styles.ways}>
      <Icon name="undo" />{' '}
      {undoes && (
        <>
          Undoes <StepAnchor step={undoes} />
        </>
      )}
      {undoneBy && (
        <>
          Undone by <StepAnchor step={undoneBy} />
        </>
      )}
      {when !== undefined && <>, only when {when}</>}
      {irreversible !== undefined && <>No way back: {irreversible}</>}
    </p>
  )
}

/** A link to a step of the page. */
export function StepAnchor({ step: { id, number, title } }: { readonly step: StepLink }): ReactNode {
  return (
    <a href={`#${id}`}>
      {number} {title}
    </a>
  )
}

/** Which finding of Diagnose leads to which mitigation, folded: it is not the first thing that somebody needs. */
export function Decisions({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <details className={styles.decisions}>
      <summary>Decision path: which finding leads to which mitigation</summary>
      {children}
    </details>
  )
}

/** An executable phase: its number, its name, and a line along its steps. */
export function PhaseHead({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { name, number, alerts } = parseView<PhaseView>(view)
  const [head, ...steps] = Children.toArray(children)
  return (
    <section className={styles.phase} data-phase={name}>
      <span className={`${styles.number}`} aria-hidden="true">
        {number}
      </span>
      {head}
      {alerts && <PlotSlot alerts={alerts} />}
      {steps}
    </section>
  )
}

/** A step's code, below a bar with a button that copies it. The block of a step that only reads is folded. */
export function StepCode({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { language, copies, shell, file, folded } = parseView<BlockView>(view)
  const given = useGiven()
  const { environments } = useSiteData()
  const name = language === 'bash' ? 'bash' : 'TypeScript'
  return (
    <div className={styles.block}>
      <CopyButton
        text={shell ? copies : completeCommand(copies, given, environments)}
        label={shell ? 'Copy for a shell' : 'Copy command'}
        title={shell ? 'Copies a guarded subshell: it stops at the first failure and leaves your shell open' : copies}
      />
      {folded === undefined ? (
        <>
          <div className={styles.bar}>
            <span className={styles.language}>{name}</span>
            {file && <code className={styles.file}>{file}</code>}
          </div>
          {children}
        </>
      ) : (
        <details className="hb-fold">
          <summary className={styles.bar}>
            <span className={styles.language}>{name}</span>
            <span>
              {folded} {folded === 1 ? 'line' : 'lines'}
            </span>
          </summary>
          {children}
        </details>
      )}
    </div>
  )
}
