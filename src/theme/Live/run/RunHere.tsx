import { useHistory, useLocation } from '@docusaurus/router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { PageCardView } from '../../../plugin/index.ts'
import type { RunCard, Session } from '../../../wire/index.ts'
import { ask } from '../connection/ask.ts'
import { useEnvironment } from '../environment.ts'
import { useSession } from '../session.ts'
import { BeginForm } from './BeginForm.tsx'
import styles from './RunHere.module.css'
import { RunScreen } from './RunScreen.tsx'
import { Where } from './Where.tsx'

/** A bar at the window's edge, from which a page is run, and the run beside the page. */
export function RunHere({ page }: { readonly page: PageCardView }): ReactNode {
  const answered = useSession()
  // An area is measured as a whole, by a command of its own.
  if (page.area !== undefined || answered?.state !== 'answered') return null
  // Outside the article: its style sheet is for what authors wrote.
  return createPortal(<Bar page={page} session={answered.body} />, document.body)
}

function Bar({ page, session }: { readonly page: PageCardView; readonly session: Session }): ReactNode {
  const { search, pathname } = useLocation()
  const history = useHistory()
  const query = new URLSearchParams(search)
  const run = query.get('run') ?? undefined
  const environment = useEnvironment(session)
  const [open, setOpen] = useState(run !== undefined || query.has('alert'))
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
