import type { ReactNode } from 'react'
import type { Scorecard } from '../../plugin/index.ts'
import styles from './styles.module.css'

/** What was measured, the newest first, also in other environments and in labs of another profile. */
export function History({ scorecard }: { readonly scorecard: NonNullable<Scorecard> }): ReactNode {
  const all = [scorecard, ...scorecard.history].sort((a, b) => b.date.localeCompare(a.date))
  return (
    <>
      <h2 className={styles.anchor} id="history">
        History
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Measured (UTC)</th>
            <th scope="col">Where</th>
            <th scope="col">Score</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ date, environment, says, commit }) => (
            <tr key={date}>
              <td>
                <time dateTime={date}>
                  {date.slice(0, 10)} {date.slice(11, 16)}
                </time>
              </td>
              <td>
                {environment}, commit <code>{commit.slice(0, 10)}</code>
              </td>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
