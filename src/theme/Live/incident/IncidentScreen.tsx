import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import type { IncidentMessage, Session } from '../../../wire/index.ts'
import page from '../Alone.module.css'
import { sayRefusal } from '../connection/ask.ts'
import { createStreamStore } from '../create-stream-store.ts'
import { isStale, LinkState } from '../LinkState.tsx'
import controls from '../press/controls.module.css'
import { usePresses } from '../press/use-presses.ts'
import { useClock } from '../use-clock.ts'
import { Facts } from './Facts.tsx'
import styles from './Incident.module.css'
import { IncidentBar } from './IncidentBar.tsx'
import { Timeline } from './Timeline.tsx'

/** Sends a change of an incident. */
export type SendChange = (change: Readonly<Record<string, unknown>>) => void

/** An incident as it goes on: what one has to know first, who does what, what was changed, and what happened. */
export function IncidentScreen(props: { readonly incident: string; readonly session: Session }): ReactNode {
  const { incident, session } = props
  const path = `/api/incidents/${encodeURIComponent(incident)}`
  const store = useMemo(
    () =>
      createStreamStore<IncidentMessage, IncidentMessage | undefined>(
        `${path}/events`,
        undefined,
        (_, message) => message,
      ),
    [path],
  )
  const streamed = useSyncExternalStore(store.listen, store.read)
  const clock = useClock()
  const presses = usePresses()
  const { view: message, link, ahead } = streamed
  if (link.state === 'refused')
    return (
      <div className={page.alone}>
        <h1>This incident cannot be shown</h1>
        <p>{sayRefusal(link.refusal)}</p>
      </div>
    )
  if (!message)
    return (
      <div className={page.alone}>
        <p>Asking the server …</p>
        <LinkState streamed={streamed} clock={clock} />
      </div>
    )
  const view = message.incident
  const stale = isStale(streamed, clock)
  const serverTime = clock - ahead
  const shut = stale || link.state !== 'open' || session.role === 'reader' || presses.busy
  const send: SendChange = change => void presses.press(`${path}/changes`, { change })
  const draft = async () => {
    const drafted = await presses.press<{ readonly path: string }>(`${path}/postmortem`, {})
    if (drafted) presses.say(`The draft is ${drafted.path}. handbook check says what is left to write.`)
  }
  const lab = session.environments.find(({ name }) => name === view.environment)?.lab
  return (
    <article className={styles.incident} data-stale={stale} aria-labelledby="incident-title">
      <header className={styles.head}>
        <p className={styles.where}>
          <strong>{view.environment}</strong>
          {lab && <span className={controls.practice}>practice</span>}
        </p>
        <LinkState streamed={streamed} clock={clock} />
      </header>
      <Facts view={view} person={session.person} serverTime={serverTime} shut={shut} send={send} />
      <Timeline view={view} shut={shut} send={send} />
      <IncidentBar
        view={view}
        person={session.person}
        reads={session.role === 'reader'}
        shut={shut}
        says={presses.says}
        send={send}
        draft={draft}
      />
    </article>
  )
}
