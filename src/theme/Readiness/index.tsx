import scorecard from '@generated/handbook/default/scorecard.json'
import type { ReactNode } from 'react'
import type { AreaCard } from '../../plugin/index.ts'
import { Areas } from './Areas.tsx'
import { Chart } from './Chart.tsx'
import { History } from './History.tsx'
import { Claims, NextMoves } from './Next.tsx'
import { Reconstructed } from './Reconstructed.tsx'
import styles from './styles.module.css'

/** The last assessment: what was measured and what was claimed, what to do next, and each item with its evidence. */
export default function Readiness(): ReactNode {
  if (!scorecard)
    return (
      <p>
        Nothing was measured yet: <code>npx handbook assess --env lab --write</code>
      </p>
    )
  const { says, headline, claimed, environment, date, commit, areas, next, checks, reconstructed } = scorecard
  const changed = areas.filter(area => area.changed)
  return (
    <>
      <dl className={styles.scores}>
        <div>
          <dt>Measured now</dt>
          <dd>{headline.figure}</dd>
          {headline.unknown && <dd className={styles.unknown}>{headline.unknown}</dd>}
        </div>
        {reconstructed && (
          <div className={styles.then}>
            <dt>
              <a href="#reconstructed">Reconstructed from the claim</a>, measured {reconstructed.date.slice(0, 10)}
            </dt>
            <dd>{reconstructed.figure}</dd>
            <dd className={styles.unknown}>
              {reconstructed.items.measured} of {reconstructed.items.all} items reconstructed
            </dd>
          </div>
        )}
        {claimed && (
          <div className={styles.then}>
            <dt>Claimed by hand then</dt>
            <dd>{claimed.overall} %</dd>
          </div>
        )}
      </dl>
      <p>
        Measured in the environment <code>{environment}</code> on {date.slice(0, 10)} at {date.slice(11, 16)} UTC,
        commit <code>{commit.slice(0, 10)}</code>. {checks.proven} of {checks.all} checks were seen to fail when what
        they guard was broken. As data: <a href="/readiness/assessment.json">assessment.json</a>
      </p>
      <p>
        {say(areas)} The score is their share of the weight, rounded down to a tenth. An item weighs more in an area of
        a higher priority, and half as much when not every deployment needs it. An unknown item counts as not passed.
      </p>
      {changed.length > 0 && (
        <p className={styles.stale}>
          Changed since it was measured: {changed.map(({ title }) => title).join(', ')}. Measure again:{' '}
          <code>npx handbook assess --env lab --write</code>
        </p>
      )}
      <h2 className={styles.anchor} id="areas">
        The areas
      </h2>
      <Chart areas={areas} reconstructed={reconstructed} />
      {claimed && <Claims claimed={claimed} areas={areas} />}
      {reconstructed && <Reconstructed card={reconstructed} />}
      <h2 className={styles.anchor} id="next">
        What to do next
      </h2>
      <NextMoves next={next} says={says} />
      <h2 className={styles.anchor} id="items">
        Every item
      </h2>
      <Areas areas={areas} />
      <History scorecard={scorecard} />
    </>
  )
}

/** How many items pass, of those that apply. */
function say(areas: readonly AreaCard[]): string {
  const items = areas.flatMap(({ items }) => items)
  const count = (wanted: string) => items.filter(({ result }) => result === wanted).length
  const out = count('not-applicable')
  const applying = `Passed: ${count('passed')} of ${items.length - out} that apply.`
  return out === 0 ? applying : `Of ${items.length}, ${out} ${out === 1 ? 'does' : 'do'} not apply. ${applying}`
}
