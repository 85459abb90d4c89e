import { type ReactNode, useEffect, useState } from 'react'
import type { OpenQuestion } from '../../../journal/index.ts'
import type { Session } from '../../../wire/index.ts'
import { FormButton } from '../press/FormButton.tsx'
import { ReasonButton } from '../press/ReasonButton.tsx'
import { usePresses } from '../press/use-presses.ts'
import { AfterRun } from './AfterRun.tsx'
import styles from './ControlBar.module.css'
import { armAfter, type Choice, listChoices } from './choices.ts'
import { DangerButton } from './DangerButton.tsx'
import { endsWell, type RunView } from './fold-messages.ts'
import { StepLink } from './StepLink.tsx'
import { sayElapsed, sayWhere } from './say-where.ts'
import { TakeUp } from './TakeUp.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

/**
 * What a run asks, and its buttons. It has the same height and the same places whatever happens, so that nothing moves under a finger: Stop
 * to the left, what goes on to the right, what cannot be rolled back between them.
 */
export function ControlBar(props: {
  readonly run: string
  readonly view: RunView
  readonly session: Session
  /** Whether what is shown may not be so any more: then nothing can be pressed. */
  readonly shut: boolean
  readonly serverTime: number
  /** The page that stands beside it, and how the run is closed there. */
  readonly beside: string | undefined
  readonly onClose: (() => void) | undefined
  /** A run goes on: this one, which was resumed, or another one. */
  readonly onBegun: (run: string) => void
}): ReactNode {
  const { run, view, session, shut, serverTime, beside, onClose, onBegun } = props
  const { questions, state, risks } = view
  const presses = usePresses()
  const [answered, setAnswered] = useState<string>()
  const [stopping, setStopping] = useState(false)
  const [question] = questions
  const over = state.outcome !== undefined || view.broken !== undefined
  const reads = session.role === 'reader'
  const waits = presses.busy || (question !== undefined && question.id === answered)
  const closed = shut || reads || over
  const path = `/api/runs/${encodeURIComponent(run)}`
  const answer = async (question: OpenQuestion, choice: string, more: { reason?: string; typed?: string } = {}) => {
    setAnswered(question.id)
    const given = await presses.press<{ readonly result: string }>(`${path}/answers`, {
      question: question.id,
      choice,
      ...more,
    })
    if (given?.result === 'accepted') return
    if (given?.result === 'answered') presses.say('Somebody else answered first.')
    else setAnswered(undefined)
    if (given?.result === 'unknown') presses.say('The run does not ask this any more, or wants a reason.')
  }
  const stop = async () => {
    setStopping(true)
    if (question?.choices.includes('stop')) {
      await answer(question, 'stop')
      setStopping(false)
    } else if ((await presses.press(`${path}/cancel`, {})) === undefined) setStopping(false)
  }
  const choices = question ? listChoices(question, risks.get(question.step)) : []
  const bar = useKeptFocus(over ? 'over' : question?.id)
  const button = (choice: Choice) =>
    question && (
      <ChoiceButton
        key={`${question.id} ${choice.choice}`}
        question={question}
        choice={choice}
        shut={closed || waits}
        view={view}
        session={session}
        onChoose={more => answer(question, choice.choice, more)}
      />
    )
  const main = choices.find(({ place }) => place === 'main')
  return (
    <section ref={bar} className={styles.bar} tabIndex={-1} aria-label="What the run asks">
      <div className={styles.says}>
        <div>
          <p role="status">{presses.says || sayWhere(view, { reads, shut, waits })}</p>
          {over ? (
            <AfterRun environment={state.environment} good={endsWell(state.outcome)} />
          ) : (
            <p className={styles.about}>{question?.about}</p>
          )}
        </div>
        {question ? (
          <StepLink step={question.step} state={state} beside={beside} onClose={onClose} />
        ) : (
          <p className={styles.elapsed} aria-hidden="true">
            {sayElapsed(view, serverTime)}
          </p>
        )}
      </div>
      <div className={styles.side}>
        {!over && (
          <ReasonButton
            label="Note …"
            title="A note in the record of this run"
            field="Note"
            send="Add the note"
            className={styles.button}
            shut={closed || presses.busy}
            onSend={text => void presses.press(`${path}/notes`, { text })}
          />
        )}
        {choices.filter(({ place }) => place === 'side').map(button)}
        {over && (
          <TakeUp
            run={run}
            view={view}
            presses={presses}
            shut={shut || reads || presses.busy}
            className={styles.button}
            onBegun={onBegun}
          />
        )}
      </div>
      {!over && (
        <div className={styles.main}>
          <button
            type="button"
            className={styles.stop}
            aria-disabled={closed || stopping}
            onClick={closed || stopping ? undefined : stop}
          >
            {stopping ? 'Stops …' : 'Stop'}
          </button>
          <span className={styles.danger}>{choices.filter(({ place }) => place === 'danger').map(button)}</span>
          <ChoiceButton
            question={question}
            choice={main ?? NO_CHOICE}
            shut={closed || waits || !main}
            view={view}
            session={session}
            onChoose={() => question && main && answer(question, main.choice)}
          />
        </div>
      )}
    </section>
  )
}

function ChoiceButton(props: {
  readonly question: OpenQuestion | undefined
  readonly choice: Choice
  readonly shut: boolean
  readonly view: RunView
  readonly session: Session
  readonly onChoose: (more: { reason?: string; typed?: string }) => void
}): ReactNode {
  const { question, choice, shut, view, session, onChoose } = props
  const { label, place, reasoned } = choice
  const armed = useArmed(question?.id, armAfter(choice))
  const closed = shut || !armed
  const className = styles[place === 'side' ? 'button' : place === 'danger' ? 'dangerous' : 'go']
  if (reasoned)
    return (
      <ReasonButton
        label={label}
        title="Skip this step"
        field="Why is it skipped?"
        send="Skip it"
        className={className}
        shut={closed}
        onSend={reason => onChoose({ reason })}
      />
    )
  if (choice.choice === 'to-end')
    return (
      <FormButton
        label={label}
        title="Run to the end?"
        send="Run to the end"
        className={className}
        shut={closed}
        onSend={() => onChoose({})}
      >
        <p>It runs this step and those after it, and asks again only before what cannot be rolled back.</p>
      </FormButton>
    )
  if (place === 'danger' && question)
    return (
      <DangerButton
        label={label}
        step={question.step}
        view={view}
        session={session}
        className={className}
        shut={closed}
        onRun={typed => onChoose(typed === undefined ? {} : { typed })}
      />
    )
  return (
    <button
      type="button"
      className={className}
      aria-disabled={closed}
      onClick={closed ? undefined : () => onChoose({})}
    >
      {label}
    </button>
  )
}

/** False until a question has been there for so many milliseconds. */
function useArmed(question: string | undefined, milliseconds: number): boolean {
  const [armed, setArmed] = useState<string>()
  useEffect(() => {
    const timer = setTimeout(() => setArmed(question), milliseconds)
    return () => clearTimeout(timer)
  }, [question, milliseconds])
  return question !== undefined && armed === question
}

/** The button of what goes on is always there, so that the keyboard stays on it from question to question. */
const NO_CHOICE: Choice = { choice: '', label: 'Run', place: 'main', reasoned: false }
