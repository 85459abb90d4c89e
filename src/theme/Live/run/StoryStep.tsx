import type { ReactNode } from 'react'
import { formatDuration, type Risk } from '../../../base/pure.ts'
import type { StepState } from '../../../journal/index.ts'
import { formatValue } from '../../../report/pure.ts'
import { RiskBadge } from '../../Procedure/Badge.tsx'
import { type RunView, sayStep } from './fold-messages.ts'
import { OutputBox } from './OutputBox.tsx'
import styles from './Story.module.css'

/** A step of a run: how it stands, what it printed and gave, and what is asked about it. */
export function StoryStep(props: {
  readonly run: string
  readonly view: RunView
  readonly step: StepState
  /** Whether the run is at this step: then all of it is in view. */
  readonly isNow: boolean
}): ReactNode {
  const { run, view, step, isNow } = props
  const { id, title, status, seconds, attempts } = step
  const risk = view.risks.get(id)
  const question = view.questions.find(question => question.step === id)
  const plan = view.plans.get(id)
  const noWayBack = view.state.start?.steps.find(planned => planned.id === id)?.meta?.irreversible
  const told = sayStep(step)
  return (
    <li
      className={styles.step}
      data-step={id}
      data-status={told === 'found' ? told : status}
      data-now={isNow}
      aria-current={isNow ? 'step' : undefined}
    >
      <p className={styles.title}>
        <span>{title}</span>
        <small>
          {told}
          {status !== 'waiting' && status !== 'running' && seconds > 0 && ` in ${formatDuration(seconds * 1000)}`}
          {attempts > 1 && `, try ${attempts}`}
        </small>
      </p>
      <Result step={step} />
      {question && isRisk(risk) && (
        <p className={styles.line}>
          <RiskBadge risk={risk} />
        </p>
      )}
      {question && noWayBack !== undefined && <p className={styles.line}>No way back: {noWayBack}</p>}
      {question && plan && <Plan items={plan} />}
      <Printed view={view} step={step} isNow={isNow} />
      <Suggested view={view} step={step} />
      <Evidence run={run} step={step} />
    </li>
  )
}

function isRisk(word: string | undefined): word is Risk {
  return word === 'read' || word === 'change' || word === 'danger'
}

function Result({ step: { value, reason, error } }: { readonly step: StepState }): ReactNode {
  const why = reason ?? error?.message
  return (
    <>
      {value !== undefined && <p className={styles.value}>= {formatValue(value)}</p>}
      {why !== undefined && (
        <p className={styles.line}>
          {why}
          {error?.line !== undefined && ` (line ${error.line}:${error.column})`}
        </p>
      )}
      {error?.hint !== undefined && <p className={styles.line}>{error.hint}</p>}
    </>
  )
}

function Plan({ items }: { readonly items: readonly string[] }): ReactNode {
  const most = 12
  return (
    <details className={styles.plan} open>
      <summary>It touches {items.length === 1 ? '1 thing' : `${items.length} things`}, and no more</summary>
      <ul>
        {items.slice(0, most).map(item => (
          <li key={item}>{item}</li>
        ))}
        {items.length > most && <li>and {items.length - most} more</li>}
      </ul>
    </details>
  )
}

function Printed(props: { readonly view: RunView; readonly step: StepState; readonly isNow: boolean }): ReactNode {
  const { view, step, isNow } = props
  const output = view.outputs.get(step.id)
  const label = `Output of ${step.title}`
  // The box of a step that runs is there from its start, so that its first line moves nothing.
  if (step.status === 'running') return <OutputBox output={output ?? NOTHING_YET} label={label} />
  if (!output) return null
  const count = output.lines.length + output.dropped
  return (
    <details className={styles.printed} key={String(isNow)}>
      <summary>{count === 1 ? '1 line of output' : `${count} lines of output`}</summary>
      <OutputBox output={output} label={label} />
    </details>
  )
}

const NOTHING_YET = { lines: [], dropped: 0, open: false, gaps: false }

function Suggested({ view, step: { suggests = [] } }: { readonly view: RunView; readonly step: StepState }): ReactNode {
  return suggests.map(({ step, why, seq }) => (
    <p key={seq} className={styles.suggests}>
      → {view.state.steps.find(({ id }) => id === step)?.title ?? step}: {why}
    </p>
  ))
}

function Evidence({ run, step: { id, evidence } }: { readonly run: string; readonly step: StepState }): ReactNode {
  return evidence.map(({ name, file, problem }) => (
    <p key={name} className={styles.line}>
      {problem !== undefined ? (
        `Evidence ${name} was not kept: ${problem}`
      ) : file === undefined ? (
        `Evidence ${name}`
      ) : (
        <>
          Evidence{' '}
          <a href={`/api/runs/${run}/evidence/${id}/${encodeURIComponent(name)}`} target="_blank" rel="noreferrer">
            {name}
          </a>
        </>
      )}
    </p>
  ))
}
