import Link from '@docusaurus/Link'
import { Children, type ReactNode } from 'react'
import type { BlockView, PhaseView, StepLink, StepView } from '../../plugin/index.ts'
import { Badge, Icon, RiskBadge } from './Badge.tsx'
import { CopyButton } from './CopyButton.tsx'
import { parseView, useCard } from './page-data.ts'
import styles from './Step.module.css'

/** A step's card: its risk, its limits, whether a drill has run it, then the author's text. */
export function StepCard({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const step = parseView<StepView>(view)
  const [heading, ...rest] = Children.toArray(children)
  const drilled = useCard(step.path)?.undrilled.includes(step.id) === false
  return (
    <section className={styles.step} data-risk={step.risk} aria-labelledby={step.id}>
      {heading}
      <div className={`${styles.facts} hb-not-searched`}>
        <RiskBadge risk={step.risk} />
        {step.temporary && (
          <Badge tone="plain" icon="temporary" title="Rolled back after Mitigate">
            temporary
          </Badge>
        )}
        {step.measures ? (
          <Measures measures={step.measures} />
        ) : (
          <Badge tone="plain" icon={drilled ? 'proven' : 'not-proven'}>
            {drilled ? 'run in drill' : 'no drill has run this step'}
          </Badge>
        )}
        <span className={styles.limits}>{sayLimits(step)}</span>
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

function sayLimits({ timeout, retries, every }: StepView): string {
  const tries = retries === 0 ? '' : `, ${retries} ${retries === 1 ? 'retry' : 'retries'} every ${every}`
  return `at most ${timeout}${tries}`
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

function StepAnchor({ step: { id, number, title } }: { readonly step: StepLink }): ReactNode {
  return (
    <a href={`#${id}`}>
      {number} {title}
    </a>
  )
}

/** An executable phase: its number, its name, and a line along its steps. */
export function PhaseHead({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { name, number } = parseView<PhaseView>(view)
  return (
    <section className={styles.phase} data-phase={name}>
      <span className={`${styles.number} hb-not-searched`} aria-hidden="true">
        {number}
      </span>
      {children}
    </section>
  )
}

/** A step's code, below a bar with a button that copies it. */
export function StepCode({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { language, copies, file } = parseView<BlockView>(view)
  const bash = language === 'bash'
  return (
    <div className={styles.block}>
      <div className={`${styles.bar} hb-not-searched`}>
        <span className={styles.language}>{bash ? 'bash' : 'TypeScript'}</span>
        {file && <code className={styles.file}>{file}</code>}
        <CopyButton
          text={copies}
          label={bash ? 'Copy for a shell' : 'Copy command'}
          title={bash ? 'Copies a guarded subshell: it stops at the first failure and leaves your shell open' : copies}
        />
      </div>
      {children}
    </div>
  )
}
