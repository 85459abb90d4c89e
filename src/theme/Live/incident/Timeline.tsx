import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import type { IncidentView, TimelineEntry } from '../../../journal/index.ts'
import { formatClock } from '../../../report/pure.ts'
import { breakName } from '../../Procedure/Badge.tsx'
import styles from './Incident.module.css'
import type { SendChange } from './IncidentScreen.tsx'

/** What happened, newest first; what is pinned stands above it. */
export function Timeline(props: {
  readonly view: IncidentView
  readonly shut: boolean
  readonly send: SendChange
}): ReactNode {
  const { view, shut, send } = props
  const { timeline } = view
  const pinned = timeline.filter(entry => entry.pinned)
  const line = (entry: TimelineEntry) => <Line key={entry.id} entry={entry} shut={shut} send={send} />
  return (
    <section className={styles.timeline} aria-labelledby="timeline-title">
      {pinned.length > 0 && (
        <>
          <h2>Pinned</h2>
          <ol className={styles.lines}>{pinned.map(line)}</ol>
        </>
      )}
      <h2 id="timeline-title">Timeline</h2>
      <ol className={styles.lines}>{timeline.toReversed().map(line)}</ol>
    </section>
  )
}

function Line(props: { readonly entry: TimelineEntry; readonly shut: boolean; readonly send: SendChange }): ReactNode {
  const { entry, shut, send } = props
  const { id, time, kind, text, by, run, pinned = false } = entry
  return (
    <li className={styles.line} data-kind={kind}>
      <time dateTime={time}>{formatClock(time)}</time>
      <span>
        {kind === 'alert' ? breakName(text) : text}
        <small>
          {by}
          {run !== undefined && (
            <>
              {', '}
              <Link to={`/runs?run=${run}`}>its run</Link>
            </>
          )}
        </small>
      </span>
      <button
        type="button"
        className={styles.pin}
        aria-pressed={pinned}
        aria-label={`Pin: ${text}`}
        title={pinned ? 'Unpin' : 'Pin'}
        aria-disabled={shut}
        onClick={shut ? undefined : () => send({ do: 'pin', entry: id, pinned: !pinned })}
      >
        {pinned ? '★' : '☆'}
      </button>
    </li>
  )
}
