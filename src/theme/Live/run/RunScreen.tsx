import Link from '@docusaurus/Link'
import cards from '@generated/handbook/default/cards.json'
import { type ReactNode, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { RunMessage, Session } from '../../../wire/index.ts'
import { sayRefusal } from '../connection/ask.ts'
import { createStreamStore } from '../create-stream-store.ts'
import { isStale, LinkState } from '../LinkState.tsx'
import controls from '../press/controls.module.css'
import { sayAge } from '../say-age.ts'
import { useClock } from '../use-clock.ts'
import { ControlBar } from './ControlBar.tsx'
import { ENDED, findStepNow, foldMessage, NOTHING, type RunView } from './fold-messages.ts'
import styles from './RunScreen.module.css'
import { Story } from './Story.tsx'
import { useFollowedStep } from './use-followed-step.ts'
import { findCard, useMarkedSteps } from './use-marked-steps.ts'
import { WhoIsHere } from './WhoIsHere.tsx'

/** A run as it goes on: where and whose, what happened, and what it asks. Whoever began it, and wherever. */
export function RunScreen(props: {
  readonly run: string
  readonly session: Session
  /** The page that stands beside it: its steps show how they stand. */
  readonly beside?: string
  readonly onClose?: () => void
  /** Shows another run, which rolls this one back. */
  readonly onFollow: (run: string) => void
}): ReactNode {
  const { run, session, beside, onClose, onFollow } = props
  // A run that was resumed has a stream again.
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round is another stream
  const store = useMemo(
    () =>
      createStreamStore<RunMessage, RunView>(
        `/api/runs/${encodeURIComponent(run)}/events`,
        NOTHING,
        foldMessage,
        message => 'ended' in message,
      ),
    [run, round],
  )
  const streamed = useSyncExternalStore(store.listen, store.read)
  const clock = useClock()
  const { view, link, ahead } = streamed
  const serverTime = clock - ahead
  const stale = isStale(streamed, clock)
  const isBeside = beside !== undefined && beside === view.state.procedure
  useMarkedSteps(isBeside ? view : undefined)
  const body = useRef<HTMLElement>(null)
  const isOver = view.state.ending !== undefined
  const step = findStepNow(view)
  useFollowedStep(isOver ? ENDED : step, id => body.current?.querySelector(`[data-step="${CSS.escape(id)}"]`))
  useFollowedStep(isBeside && !isOver ? step : undefined, findCard)
  if (link.state === 'refused')
    return (
      <div className={styles.screen}>
        <div className={styles.body}>
          <h2>This run cannot be shown</h2>
          <p>{sayRefusal(link.refusal)}</p>
          {onClose && <CloseButton onClose={onClose} />}
        </div>
      </div>
    )
  return (
    <div className={styles.screen} data-stale={stale}>
      <Head view={view} session={session} serverTime={serverTime} beside={beside}>
        <LinkState streamed={streamed} clock={clock} />
        {onClose && <CloseButton onClose={onClose} />}
      </Head>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={body} className={styles.body} data-scrolls tabIndex={0} aria-label="What happened so far">
        {view.seq === 0 ? (
          <p>{link.state === 'lost' ? 'The server is not heard.' : 'Asking the server …'}</p>
        ) : (
          <Story run={run} view={view} />
        )}
      </section>
      <ControlBar
        run={run}
        view={view}
        session={session}
        // A stream that has ended hears nothing more: the run can be taken up, and nothing else can be pressed.
        shut={stale || (link.state !== 'open' && link.state !== 'ended') || view.seq === 0}
        serverTime={serverTime}
        beside={beside}
        onClose={onClose}
        onBegun={begun => (begun === run ? setRound(round + 1) : onFollow(begun))}
      />
    </div>
  )
}

function Head(props: {
  readonly view: RunView
  readonly session: Session
  readonly serverTime: number
  readonly beside: string | undefined
  readonly children: ReactNode
}): ReactNode {
  const { view, session, serverTime, beside, children } = props
  const { state, told } = view
  const claim = told.findLast(event => event.type === 'run.claimed')
  const page = cards.find(({ id }) => id === state.procedure)
  const served = session.environments.find(({ name }) => name === state.environment)
  const until = state.finished === undefined ? serverTime : Date.parse(state.finished)
  return (
    <header className={styles.head}>
      <p className={styles.where}>
        <strong>{state.environment || '…'}</strong>
        {served?.lab && <span className={controls.practice}>practice</span>}
        <span>{served?.host}</span>
      </p>
      <div className={styles.state}>{children}</div>
      <p className={styles.what}>
        {page && beside !== state.procedure ? <Link to={page.permalink}>{state.title}</Link> : <b>{state.title}</b>}
      </p>
      <p className={styles.who}>
        <span>
          {state.started &&
            `${state.finished === undefined ? 'runs' : 'ran'} for ${sayAge(Math.max(0, until - Date.parse(state.started)))}`}
          {state.by && `, by ${claim ? `${claim.person}, as claimed on ` : ''}${state.by.user}@${state.by.host}`}
        </span>
        <WhoIsHere run={view.state.id} person={session.person} />
      </p>
    </header>
  )
}

function CloseButton({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <button type="button" className={styles.close} onClick={onClose} title="The run goes on">
      Close
    </button>
  )
}
