import { useHistory, useLocation } from '@docusaurus/router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { PageCardView } from '../../../plugin/index.ts'
import type { RunCard, Session } from '../../../wire/index.ts'
import { type Answered, ask } from '../connection/ask.ts'
import { useEnvironment } from '../environment.ts'
import { RUN_BUTTON } from '../run-button.ts'
import { useSession } from '../session.ts'
import { BeginForm } from './BeginForm.tsx'
import { coversPage } from './covers-page.ts'
import styles from './RunHere.module.css'
import { RunScreen } from './RunScreen.tsx'
import { Where } from './Where.tsx'

/** A bar at the window's edge, from which a page is run, and the run beside the page. */
export function RunHere({ page }: { readonly page: PageCardView }): ReactNode {
  const answered = useSession()
  const slot = useSlot()
  // An area is measured as a whole, by a command of its own.
  if (page.area !== undefined) return null
  if (answered?.state !== 'answered') return slot && createPortal(<p role="status">{sayWhy(answered)}</p>, slot)
  // Outside the article: its style sheet is for what authors wrote.
  return createPortal(<Bar page={page} session={answered.body} slot={slot} />, document.body)
}

function sayWhy(answered: Answered<Session> | undefined): string {
  if (answered === undefined) return 'Asking the server …'
  return answered.state === 'refused'
    ? 'To run it here, open the link that the handbook’s server printed when it started.'
    : 'The handbook’s server does not answer. It is asked again every few seconds.'
}

/** The place high on the page, once the page is there. */
function useSlot(): Element | null {
  const [slot, setSlot] = useState<Element | null>(null)
  useEffect(() => setSlot(document.getElementById(RUN_BUTTON)), [])
  return slot
}

function Bar(props: {
  readonly page: PageCardView
  readonly session: Session
  readonly slot: Element | null
}): ReactNode {
  const { page, session, slot } = props
  const { search, pathname, hash } = useLocation()
  const history = useHistory()
  const query = new URLSearchParams(search)
  const run = query.get('run') ?? undefined
  const environment = useEnvironment(session)
  // On a phone a run covers the page: whoever comes to read a step sees the step.
  const [open, setOpen] = useState((run !== undefined || query.has('alert')) && !(hash !== '' && coversPage()))
  const other = useOtherRun(page.id, environment?.name)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    document.documentElement.toggleAttribute('data-run-open', open)
    return () => document.documentElement.removeAttribute('data-run-open')
  }, [open])
  if (!environment) return null
  const follow = (run: string) => {
    query.set('run', run)
    history.replace(`${pathname}?${query}`)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  const begins =
    slot &&
    createPortal(
      <button type="button" className={styles.open} onClick={() => setOpen(true)}>
        {run === undefined ? 'Run it here …' : 'Show its run'}
      </button>,
      slot,
    )
  if (!open)
    return (
      <section className={styles.bar} aria-label="Run this page">
        <Where environment={environment} />
        {other && other.run !== run && (
          <button type="button" className={styles.follow} onClick={() => follow(other.run)}>
            {other.by.user} runs it now: follow
          </button>
        )}
        <button ref={button} type="button" className={styles.open} onClick={() => setOpen(true)}>
          {run === undefined ? 'Run this page …' : 'Show its run'}
        </button>
        {begins}
      </section>
    )
  return (
    <section className={styles.panel} aria-label="Run this page">
      {run === undefined ? (
        <BeginForm
          page={page}
          session={session}
          environment={environment}
          query={query}
          onBegun={follow}
          onClose={close}
        />
      ) : (
        <RunScreen key={run} run={run} session={session} beside={page.id} onClose={close} onFollow={follow} />
      )}
      {begins}
    </section>
  )
}

/** A run of this page that is under way in the environment, when the page is opened. */
function useOtherRun(page: string, environment: string | undefined): RunCard | undefined {
  const [card, setCard] = useState<RunCard>()
  useEffect(() => {
    if (environment === undefined) return
    const gone = new AbortController()
    void ask<{ readonly runs: readonly RunCard[] }>(
      `/api/runs?environment=${encodeURIComponent(environment)}&limit=20`,
      gone.signal,
    ).then(answer => {
      if (answer.state !== 'answered' || gone.signal.aborted) return
      setCard(answer.body.runs.find(({ procedure, outcome }) => procedure === page && outcome === undefined))
    })
    return () => gone.abort()
  }, [page, environment])
  return card
}
