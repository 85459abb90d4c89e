import type { ReactNode } from 'react'
import type { ReconstructedCard } from '../../plugin/index.ts'
import styles from './styles.module.css'

/** How much of what has changed is named. */
const NAMED = 5

/** What a reconstruction of the claim is, what it shows, and what of it could not be made. */
export function Reconstructed({ card }: { readonly card: ReconstructedCard }): ReactNode {
  const { environment, date, commit, made, items, passed, unknown, leftOut, changed } = card
  return (
    <>
      <h2 className={styles.anchor} id="reconstructed">
        Reconstructed from the claim
      </h2>
      <p>
        The deployment of then is not there any more: nobody can measure it. This is the deployment of today, in which{' '}
        {made} mutations are in effect together. Each breaks something that our checks guard, so that it lacks what the
        claim lists as open. The claim does not say which items of an area were done, so nothing is taken for done. The
        same checks measured it in the environment <code>{environment}</code> on {date.slice(0, 10)} at{' '}
        {date.slice(11, 16)} UTC, commit <code>{commit.slice(0, 10)}</code>. It shows that the checks see what the claim
        lists; it does not show what the claim was worth. As data:{' '}
        <a href="/readiness/reconstructed.json">reconstructed.json</a>
      </p>
      <p>
        Reconstructed: {items.measured} of {items.all} items that apply. Of these, {items.failed} failed. An item counts
        only by checks of which something was broken; the others are unknown, not failed.
      </p>
      {changed.length > 0 && (
        <p className={styles.stale}>
          Changed since it was measured: {changed.slice(0, NAMED).join(', ')}
          {changed.length > NAMED && ` and ${changed.length - NAMED} more`}. Measure it again.
        </p>
      )}
      {passed.length > 0 && (
        <p>
          Passed although something was broken:{' '}
          {passed.map(({ id, title }, index) => (
            <span key={id}>
              {index > 0 && ', '}
              <a href={`#${id}`}>
                {id} {title}
              </a>
            </span>
          ))}
        </p>
      )}
      <More title={`Not reconstructed: ${unknown.length} ${unknown.length === 1 ? 'item' : 'items'}`}>
        {unknown.map(({ id, title, reason }) => (
          <li key={id}>
            <a href={`#${id}`}>
              {id} {title}
            </a>
            : {reason}
          </li>
        ))}
      </More>
      <More title={`Left out: ${leftOut.length} of ${made + leftOut.length} mutations`}>
        {leftOut.map(({ name, reason }) => (
          <li key={name}>
            <code>{name}</code>: {reason}
          </li>
        ))}
      </More>
    </>
  )
}

/** A list that is folded away, unless it is empty. */
function More({ title, children }: { readonly title: string; readonly children: readonly ReactNode[] }): ReactNode {
  if (children.length === 0) return null
  return (
    <details className={styles.way}>
      <summary>{title}</summary>
      <ul>{children}</ul>
    </details>
  )
}
