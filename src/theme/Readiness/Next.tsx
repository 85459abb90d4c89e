import type { ReactNode } from 'react'
import type { Scorecard } from '../../plugin/index.ts'
import styles from './styles.module.css'

type Plan = NonNullable<Scorecard>['next']

/** The most items that are shown. */
const MOVES = 10

/** The items that bring most points for an hour of work, and the shortest ways to 90 % and to 100 %. */
export function NextMoves({ next: { moves, ways }, says }: { readonly next: Plan; readonly says: string }): ReactNode {
  if (moves.length === 0)
    return <p>{says === '100 %' ? 'Nothing: every item that applies passes.' : `There is nothing to tell: ${says}.`}</p>
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col">Points</th>
            <th scope="col">Hours</th>
          </tr>
        </thead>
        <tbody>
          {moves.slice(0, MOVES).map(({ item, title, points, hours }) => (
            <tr key={item}>
              <td>
                <a href={`#${item}`}>
                  {item} {title}
                </a>
              </td>
              <td className={styles.number}>+{points.toFixed(1)}</td>
              <td className={styles.number}>{hours}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Items that do not pass, most points for an hour first
        {moves.length > MOVES && `; ${moves.length - MOVES} more follow`}. The hours are our own estimates, made once;
        they count towards no score.
      </p>
      {ways.map(way => (
        <details key={way.to} className={styles.way}>
          <summary>
            The shortest way to {way.to} %: {way.items.length} {way.items.length === 1 ? 'item' : 'items'}, {way.hours}{' '}
            {way.hours === 1 ? 'hour' : 'hours'}
          </summary>
          <p>
            {way.items.map((item, index) => (
              <span key={item}>
                {index > 0 && ', '}
                <a href={`#${item}`}>{item}</a>
              </span>
            ))}
          </p>
        </details>
      ))}
    </>
  )
}

type Known = NonNullable<Scorecard>

/** What was claimed by hand, and what was not. In sentences, because these numbers do not add up. */
export function Claims({
  claimed,
  areas,
}: { readonly claimed: NonNullable<Known['claimed']> } & Pick<Known, 'areas'>): ReactNode {
  const { overall, mean, complete } = claimed
  const silent = areas.filter(area => area.claimed === null).map(({ title }) => title)
  const parts = complete.map(({ title, claimed }) => `${title.toLowerCase()} (${claimed} %)`)
  return (
    <p>
      {mean !== null &&
        mean !== overall &&
        `The ${overall} % claimed then is not the mean of its own parts, which is ${mean} %. `}
      {silent.length > 0 && `Nothing was claimed of: ${silent.join(', ')}. `}
      {parts.length > 0 && `Parts claimed as complete by hand, but not measured: ${parts.join(', ')}.`}
    </p>
  )
}
