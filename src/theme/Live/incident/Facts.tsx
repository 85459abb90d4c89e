import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import type { IncidentRole, IncidentView } from '../../../journal/index.ts'
import { formatClock, formatMoment } from '../../../report/pure.ts'
import { Badge } from '../../Procedure/Badge.tsx'
import controls from '../press/controls.module.css'
import { ReasonButton } from '../press/ReasonButton.tsx'
import styles from './Incident.module.css'
import type { SendChange } from './IncidentScreen.tsx'
import { sayDue, sayLasted } from './say-incident.ts'

/** The first screen of an incident: how bad, since when, what customers see, who leads, when the next word is due, what was changed, and what is open. */
export function Facts(props: {
  readonly view: IncidentView
  readonly person: string
  readonly serverTime: number
  readonly shut: boolean
  readonly send: SendChange
}): ReactNode {
  const { view, person, serverTime, shut, send } = props
  const { severity, sees, declared, declaredBy, closed, changes, unreverted, questions, alerts, due, word } = view
  const { says, late } = sayDue(due, serverTime)
  const firing = alerts.filter(({ ended }) => ended === undefined).length
  const open = questions.filter(({ answer }) => answer === undefined)
  return (
    <div className={styles.facts}>
      <h1 id="incident-title" className={styles.title} data-open={!closed}>
        {severity ?? 'Severity not said yet'}
        {closed && <Badge tone="plain">closed</Badge>}
      </h1>
      <p className={styles.sees}>{sees ?? 'Nobody has said yet what customers see.'}</p>
      <dl className={styles.list}>
        <dt>Since</dt>
        <dd>
          {formatMoment(declared, new Date(serverTime))}, for {sayLasted(declared, closed?.time, serverTime)}; declared
          by {declaredBy}
        </dd>
        <RoleRow of="commander" name="Commander" {...{ view, person, shut, send }} />
        {closed ? (
          <>
            <dt>Closed</dt>
            <dd>
              {formatMoment(closed.time, new Date(serverTime))} by {closed.by}
              {closed.reason !== undefined && `: ${closed.reason}`}
            </dd>
          </>
        ) : (
          <>
            <dt>Customers</dt>
            <dd className={styles.due} data-late={late}>
              {says}
              {word && <small>last told at {formatClock(word.time)}</small>}
            </dd>
          </>
        )}
        <dt>Alerts</dt>
        <dd>{alerts.length === 0 ? 'none is on record' : `${firing} of ${alerts.length} on record not seen to end`}</dd>
      </dl>
      {view.damaged !== undefined && <p className={styles.damaged}>Not all of it can be read: {view.damaged}</p>}
      <section aria-labelledby="changed-title">
        <h2 id="changed-title">Changed since</h2>
        {changes.length === 0 && <p>No run changed anything.</p>}
        <ul className={styles.plain}>
          {changes.map(({ run, step, title, by, time, state }) => (
            <li key={`${run} ${step} ${time}`} data-state={state}>
              <span>
                {title} <Badge tone={TONES[state]}>{STATES[state]}</Badge>
              </span>
              <small>
                {formatClock(time)}, {by}, <Link to={`/runs?run=${run}`}>its run</Link>
                {unreverted.some(one => one.run === run) && ': it can be rolled back there'}
              </small>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="questions-title">
        <h2 id="questions-title">Open questions</h2>
        {open.length === 0 && <p>None.</p>}
        <ul className={styles.plain}>
          {open.map(({ id, text, by, time }) => (
            <li key={id}>
              <span>{text}</span>
              <small>
                {formatClock(time)}, {by}
              </small>
              <ReasonButton
                label="Answer …"
                title={text}
                field="Answer"
                send="Write it down"
                className={`${controls.button} ${controls.small}`}
                shut={shut}
                onSend={answer => send({ do: 'answer', question: id, text: answer })}
              />
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="roles-title">
        <h2 id="roles-title">Who does what</h2>
        <dl className={styles.list}>
          <RoleRow of="acts" name="Acts" {...{ view, person, shut, send }} />
          <RoleRow of="talks" name="Talks" {...{ view, person, shut, send }} />
        </dl>
      </section>
    </div>
  )
}

const STATES = { stands: 'stands', reverted: 'reverted', open: 'not seen to end well' } as const
const TONES = { stands: 'warn', reverted: 'good', open: 'bad' } as const

function RoleRow(props: {
  readonly of: IncidentRole
  readonly name: string
  readonly view: IncidentView
  readonly person: string
  readonly shut: boolean
  readonly send: SendChange
}): ReactNode {
  const { of: role, name, view, person, shut, send } = props
  const offered = view.offers[role]
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {view.roles[role] ?? 'nobody'}
        {offered !== undefined && <small>handed to {offered}, who has not accepted it yet</small>}
        {offered === person && (
          <button
            type="button"
            className={`${controls.button} ${controls.small}`}
            aria-disabled={shut}
            onClick={shut ? undefined : () => send({ do: 'accept', role })}
          >
            Accept
          </button>
        )}
      </dd>
    </>
  )
}
