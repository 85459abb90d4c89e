import { type ReactNode, useEffect, useState } from 'react'
import { formatDuration } from '../../../base/pure.ts'
import type { ApprovalView } from '../../../wire/index.ts'
import { type Answered, ask, sayRefusal } from '../connection/ask.ts'
import styles from './Approval.module.css'

/** What a second person has to know before they sign, in the order in which it matters. They sign in their own terminal. */
export function Approval({ run, step }: { readonly run: string; readonly step: string }): ReactNode {
  const [asked, setAsked] = useState<Answered<ApprovalView>>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step is asked for anew
  useEffect(() => {
    const gone = new AbortController()
    void ask<ApprovalView>(`/api/runs/${encodeURIComponent(run)}/approval`, gone.signal).then(
      answer => gone.signal.aborted || setAsked(answer),
    )
    return () => gone.abort()
  }, [run, step])
  return (
    <section className={styles.approval} aria-labelledby="approval-title">
      <h2 id="approval-title">Waits for the approval of a second person</h2>
      {asked === undefined && <p>Asking what it is about …</p>}
      {asked?.state === 'refused' && <p>{sayRefusal(asked.refusal)}</p>}
      {asked?.state === 'lost' && <p>The server did not say what it is about: {asked.why}. Reload the page.</p>}
      {asked?.state === 'answered' && <Waiting view={asked.body} />}
    </section>
  )
}

function Waiting({ view }: { readonly view: ApprovalView }): ReactNode {
  const { title, environment, by, why, irreversible, touches, usualMost, code, endsIn, nobodyWaits, command } = view
  return (
    <>
      <p className={styles.title}>
        “{title}” in {environment}, run by {by}
      </p>
      {why !== undefined && <p>Why now: {why}</p>}
      <p className={styles.irreversible}>
        {irreversible === undefined
          ? 'The page does not say that it cannot be undone.'
          : `Cannot be undone: ${irreversible}`}
      </p>
      {usualMost !== undefined && (
        <p className={styles.irreversible}>
          More than usual: it touches {touches?.length}, and {usualMost} is the page’s usual most.
        </p>
      )}
      {touches && (
        <details>
          <summary>It touches {touches.length}, and no more</summary>
          <ul>
            {touches.map(item => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>Its block</summary>
        <pre>
          <code>{code}</code>
        </pre>
      </details>
      {nobodyWaits !== undefined && <p className={styles.irreversible}>{nobodyWaits}</p>}
      <p>Somebody else than who runs it signs with their own key, in their terminal:</p>
      <pre className={styles.command}>
        <code>{command}</code>
      </pre>
      <p className={styles.hint}>
        This page goes on by itself then.
        {endsIn !== undefined &&
          endsIn > 0 &&
          ` The request ends in ${formatDuration(Math.ceil(endsIn / 60_000) * 60_000)}.`}
      </p>
    </>
  )
}
