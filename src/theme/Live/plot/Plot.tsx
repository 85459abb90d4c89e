import { type ReactNode, useEffect, useState } from 'react'
import { formatClock } from '../../../report/pure.ts'
import type { AlertPlot, Session } from '../../../wire/index.ts'
import { type Answered, ask, sayRefusal } from '../connection/ask.ts'
import { useEnvironment } from '../environment.ts'
import { WithSession } from '../WithSession.tsx'
import { CurveFigure } from './CurveFigure.tsx'
import styles from './Plot.module.css'

/** Milliseconds between two looks, while the page is seen. */
const EVERY = 15_000

const SPANS = [
  ['15', '15 minutes'],
  ['180', '3 hours'],
  ['1440', '24 hours'],
] as const

/** What the expressions of a page's alerts were lately, with their limits. `named` is the alert that the address names. */
export function Plot(props: { readonly alerts: readonly string[]; readonly named: string | undefined }): ReactNode {
  return (
    <section className={styles.plot} aria-label="What the alert looks at">
      <WithSession what="Plots">{session => <Chosen {...props} session={session} />}</WithSession>
    </section>
  )
}

function Chosen(props: {
  readonly alerts: readonly string[]
  readonly named: string | undefined
  readonly session: Session
}): ReactNode {
  const { alerts, named, session } = props
  const environment = useEnvironment(session)
  const [alert = '', setAlert] = useState(alerts.find(name => name === named) ?? alerts[0])
  // A deployment for practice is younger than that.
  const [minutes, setMinutes] = useState<string>(environment?.lab ? '15' : '180')
  const answered = usePlot(environment?.name, alert, minutes)
  return (
    <>
      <div className={styles.head}>
        <Select label="Alert" value={alert} options={alerts.map(name => [name, name])} onChange={setAlert} />
        <Select label="The last" value={minutes} options={SPANS} onChange={setMinutes} />
      </div>
      {answered === undefined ? (
        <p>Asking Prometheus …</p>
      ) : (
        <Said answered={answered} environment={environment?.name} />
      )}
    </>
  )
}

function Said(props: { readonly answered: Answered<AlertPlot>; readonly environment: string | undefined }): ReactNode {
  const { answered, environment } = props
  if (answered.state === 'lost') return <p role="status">The server did not answer: {answered.why}</p>
  if (answered.state === 'refused') return <p role="status">No plot. {sayRefusal(answered.refusal)}</p>
  const plot = answered.body
  switch (plot.state) {
    case 'not-asked':
      return <p role="status">No plot: {environment} names no Prometheus.</p>
    case 'no-rule':
      return <p role="status">No plot: neither Prometheus nor the handbook has a rule {plot.alert}.</p>
    case 'no-answer':
      return (
        <p role="status">
          Prometheus did not answer, at {formatClock(plot.until)}: {plot.why}
        </p>
      )
    case 'drawn':
      return <Drawn plot={plot} />
    default:
      return plot satisfies never
  }
}

function Drawn({ plot }: { readonly plot: Extract<AlertPlot, { state: 'drawn' }> }): ReactNode {
  const { curves, more, expressions, ruleOf, from, until } = plot
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className={styles.curves} tabIndex={0} aria-label="Its conditions">
        {curves.map(curve => (
          <CurveFigure key={curve.expression} curve={curve} />
        ))}
      </section>
      <details className={styles.rule}>
        <summary>
          {formatClock(from)} to {formatClock(until)}, asked Prometheus
          {more > 0 && `; ${more} more conditions are not drawn`}
        </summary>
        <p>
          {ruleOf === 'prometheus'
            ? 'The rule as Prometheus evaluates it. All of it must hold for as long as the rule says:'
            : 'Prometheus has no rule of this name. This is the handbook’s own:'}
        </p>
        {expressions.map(text => (
          <pre key={text}>
            <code>{text.trim()}</code>
          </pre>
        ))}
      </details>
    </>
  )
}

function Select(props: {
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly onChange: (value: string) => void
}): ReactNode {
  const { label, value, options, onChange } = props
  if (options.length === 1) return <strong className={styles.only}>{value}</strong>
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What the server gathered last; nothing until it has answered for these. */
function usePlot(environment: string | undefined, alert: string, minutes: string): Answered<AlertPlot> | undefined {
  const [said, setSaid] = useState<{ readonly path: string; readonly answered: Answered<AlertPlot> }>()
  const path =
    environment === undefined ? undefined : `/api/plots?${new URLSearchParams({ environment, alert, minutes })}`
  useEffect(() => {
    if (path === undefined) return
    const gone = new AbortController()
    const look = () => {
      if (document.hidden) return
      void ask<AlertPlot>(path, gone.signal).then(answered => gone.signal.aborted || setSaid({ path, answered }))
    }
    look()
    const timer = setInterval(look, EVERY)
    document.addEventListener('visibilitychange', look)
    return () => {
      gone.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [path])
  return said?.path === path ? said?.answered : undefined
}
