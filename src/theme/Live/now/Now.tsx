import Link from '@docusaurus/Link'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import type { Now as NowMessage, ServedEnvironment, Session } from '../../../wire/index.ts'
import { sayRefusal } from '../connection/ask.ts'
import { createStreamStore } from '../create-stream-store.ts'
import { keepChoice, useEnvironment } from '../environment.ts'
import { FRESH, isStale, LinkState } from '../LinkState.tsx'
import { useSession } from '../session.ts'
import { useClock } from '../use-clock.ts'
import { Alerts } from './Alerts.tsx'
import { Beside } from './Beside.tsx'
import { judgeNow, sayAsOf, saySource } from './judge-now.ts'
import styles from './Now.module.css'
import { NowIncidents } from './NowIncidents.tsx'

/** What is known of an environment now. */
export function Now(): ReactNode {
  const answered = useSession()
  if (!answered) return <p className={styles.alone}>Asking the server …</p>
  if (answered.state === 'refused')
    return (
      <section className={styles.alone} aria-labelledby="now-title">
        <h2 id="now-title">What fires is shown to those who have come in</h2>
        <p>Open the link that the handbook’s server printed when it started. It works once.</p>
        <p>{sayRefusal(answered.refusal)}</p>
      </section>
    )
  if (answered.state === 'lost')
    return (
      <section className={styles.alone} aria-labelledby="now-title">
        <h2 id="now-title">The handbook’s server does not answer</h2>
        <p role="status">It is asked again every few seconds: {answered.why}. All pages can still be read.</p>
      </section>
    )
  return <Chosen session={answered.body} />
}

function Chosen({ session }: { readonly session: Session }): ReactNode {
  const environment = useEnvironment(session)
  return environment ? (
    <NowOf key={environment.name} environment={environment} others={session.environments} session={session} />
  ) : (
    <p className={styles.alone}>This server serves no environment.</p>
  )
}

function NowOf(props: {
  readonly environment: ServedEnvironment
  readonly others: readonly ServedEnvironment[]
  readonly session: Session
}): ReactNode {
  const { environment, others, session } = props
  const store = useMemo(() => {
    const path = `/api/now/events?environment=${encodeURIComponent(environment.name)}`
    return createStreamStore<NowMessage, NowMessage | undefined>(path, undefined, (_, now) => now)
  }, [environment.name])
  const streamed = useSyncExternalStore(store.listen, store.read)
  const clock = useClock()
  const { view: now, ahead } = streamed
  const old = now !== undefined && clock - ahead - Date.parse(now.time) > FRESH
  const stale = old || isStale(streamed, clock)
  const judgement = now && judgeNow(now)
  if (!now || !judgement)
    return (
      <div className={styles.alone}>
        <p>Asking what fires in {environment.name} …</p>
        <LinkState streamed={streamed} clock={clock} />
      </div>
    )
  return (
    <section className={styles.now} data-stale={stale} aria-labelledby="now-title">
      <header className={styles.head}>
        <div>
          <p className={styles.where}>
            <Choice environment={environment} others={others} />
            {environment.lab && <span className={styles.practice}>practice</span>}
          </p>
          <p className={styles.host}>blocks run on {environment.host}</p>
        </div>
        <div className={styles.asked}>
          <p>{sayAsOf(now)}</p>
          {old && streamed.link.state === 'open' ? (
            <p role="status">The server is there, but says nothing new</p>
          ) : (
            <LinkState streamed={streamed} clock={clock} />
          )}
        </div>
      </header>
      <div className={styles.verdict} data-state={judgement.state}>
        <h2 id="now-title" aria-live="polite">
          {judgement.says}
        </h2>
        {judgement.state !== 'quiet' && judgement.state !== 'fires' && <Unknown now={now} />}
      </div>
      <NowIncidents now={now} serverTime={clock - ahead} reads={session.role === 'reader' || stale} />
      <div className={styles.columns} data-old={stale || judgement.state === 'blind'}>
        <Alerts now={now} serverTime={clock - ahead} person={session.person} />
        <Beside now={now} serverTime={clock - ahead} person={session.person} />
      </div>
    </section>
  )
}

/** What is not known, and what to do then. */
function Unknown({ now: { sources, alerts } }: { readonly now: NowMessage }): ReactNode {
  return (
    <div className={styles.unknown}>
      <ul>
        {sources
          .filter(({ asked }) => asked)
          .map(source => (
            <li key={source.name}>{saySource(source)}</li>
          ))}
      </ul>
      <p>
        Look at the service itself: what its users see, and{' '}
        <Link to="/docs/operations/troubleshooting">Troubleshooting</Link>.{' '}
        <Link to="/docs/incidents/when-our-tools-are-down">When our tools are down</Link> says how without these.
      </p>
      {alerts.length > 0 && <p>What is below was so when it was last known.</p>}
    </div>
  )
}

function Choice(props: {
  readonly environment: ServedEnvironment
  readonly others: readonly ServedEnvironment[]
}): ReactNode {
  const { environment, others } = props
  if (others.length < 2) return <strong className={styles.name}>{environment.name}</strong>
  return (
    <select
      className={styles.name}
      aria-label="Environment"
      value={environment.name}
      onChange={({ currentTarget: { value } }) => {
        keepChoice(value)
        const url = new URL(window.location.href)
        url.searchParams.set('environment', value)
        window.location.assign(url)
      }}
    >
      {others.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}
