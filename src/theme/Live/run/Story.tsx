import { type ReactNode, useMemo } from 'react'
import type { RunEvent } from '../../../journal/index.ts'
import { describeStartAlert, findAwaited } from '../../../journal/pure.ts'
import { createAskedParam, formatClock, formatEnding, nameOfPhase } from '../../../report/pure.ts'
import { Approval } from './Approval.tsx'
import { ENDED, endsWell, findStepNow, type RunView } from './fold-messages.ts'
import { listFindings } from './list-findings.ts'
import styles from './Story.module.css'
import { StoryStep } from './StoryStep.tsx'

/** So many findings are read at once; the others are folded. */
const MOST_FOUND = 5

/** What happened in a run so far, in the page's order, and what comes next. */
export function Story({ run, view }: { readonly run: string; readonly view: RunView }): ReactNode {
  const { state, told, notes } = view
  const now = findStepNow(view)
  // While Diagnose goes on, each step says it itself.
  const isFound = view.phase?.name !== 'diagnose' || state.ending !== undefined
  const found = useMemo(() => (isFound ? listFindings(told) : []), [isFound, told])
  const awaited = findAwaited(told)?.step
  const phases = [...new Set(state.steps.map(({ phase }) => phase))]
  return (
    <>
      {state.alert && <p className={styles.line}>{describeStartAlert(state.alert)}.</p>}
      {state.start?.breakGlass !== undefined && (
        <p className={styles.warned}>Break glass: dangerous steps run without an approval. {state.start.breakGlass}</p>
      )}
      {state.warnings.length > 0 && (
        <details className={styles.warnings}>
          <summary>{state.warnings.length === 1 ? '1 warning' : `${state.warnings.length} warnings`}</summary>
          {state.warnings.map(text => (
            <p key={text}>{text}</p>
          ))}
        </details>
      )}
      {view.broken !== undefined && <p className={styles.warned}>Nothing more is heard of this run: {view.broken}</p>}
      {awaited !== undefined && view.broken === undefined && <Approval run={run} step={awaited} />}
      {state.ending && <Ending view={view} event={state.ending} />}
      {found.length > 0 && (
        <section className={styles.found} aria-label="Found">
          <h2>Found</h2>
          {found.slice(0, MOST_FOUND).map(text => (
            <p key={text}>{text.trim()}</p>
          ))}
          {found.length > MOST_FOUND && (
            <details>
              <summary>{found.length - MOST_FOUND} more</summary>
              {found.slice(MOST_FOUND).map(text => (
                <p key={text}>{text.trim()}</p>
              ))}
            </details>
          )}
        </section>
      )}
      {phases.map(phase => (
        <section key={phase} aria-label={nameOfPhase(phase)}>
          <h2 className={styles.phase}>{nameOfPhase(phase)}</h2>
          <ol className={styles.steps}>
            {state.steps
              .filter(step => step.phase === phase)
              .map(step => (
                <StoryStep key={step.id} run={run} view={view} step={step} isNow={step.id === now && !state.ending} />
              ))}
          </ol>
        </section>
      ))}
      {notes.length > 0 && (
        <section aria-label="Notes">
          <h2 className={styles.phase}>Notes</h2>
          {notes.map(({ seq, time, text, by }) => (
            <p key={seq} className={styles.note}>
              <small>
                {formatClock(time)} {by.user}
              </small>{' '}
              {text}
            </p>
          ))}
        </section>
      )}
    </>
  )
}

/** How it ended, in the words of the terminal. */
function Ending(props: {
  readonly view: RunView
  readonly event: Extract<RunEvent, { type: 'run.finished' }>
}): ReactNode {
  const { view, event } = props
  const { state, told } = view
  const resumed = told.findLastIndex(({ type }) => type === 'run.resumed')
  const asked = createAskedParam()
  told.forEach(asked.hear)
  const [head = '', ...lines] = formatEnding(
    event,
    {
      page: state.procedure,
      environment: state.environment,
      asks: asked.name,
      rollsBack: state.rollsBack,
      titles: new Map(state.steps.map(({ id, title }) => [id, title])),
      resumed: resumed >= 0,
      rolledBack: told.slice(Math.max(0, resumed)).some(isRollBack),
      findable: true,
      ended: `, at ${formatClock(event.time)}`,
    },
    WIDE,
  )
  const good = endsWell(event.outcome)
  return (
    <section className={styles.ending} data-step={ENDED} data-good={good} aria-label="How it ended">
      <p>
        <strong>{head}</strong>
      </p>
      {lines.map(text => (
        <p key={text}>{text}</p>
      ))}
    </section>
  )
}

function isRollBack(event: RunEvent): boolean {
  return event.type === 'phase.started' && event.phase === 'roll-back' && event.temporary !== true
}

/** A page breaks lines by itself. */
const WIDE = 4000
