import type { ReactNode } from 'react'
import type { AreaCard, ReconstructedCard } from '../../plugin/index.ts'
import styles from './Chart.module.css'

/** The areas, each with a bar for what was measured and a mark for what was claimed. The table has the same numbers in words. */
export function Chart({
  areas,
  reconstructed,
}: {
  readonly areas: readonly AreaCard[]
  readonly reconstructed: ReconstructedCard | null
}): ReactNode {
  return (
    <table className={styles.chart}>
      <thead>
        <tr>
          <th scope="col">Area</th>
          <td className={styles.bar}>
            <span className={styles.measuredKey}>measured now</span>{' '}
            <span className={styles.claimedKey}>claimed then</span>
          </td>
          <th scope="col">Measured now</th>
          {reconstructed && <th scope="col">Reconstructed</th>}
          <th scope="col">Claimed then</th>
        </tr>
      </thead>
      <tbody>
        {areas.map(({ id, title, score, says, claimed }) => (
          <tr key={id}>
            <th scope="row">
              <a href={`#area-${id}`}>{title}</a>
            </th>
            <td className={styles.bar}>
              <Bar score={score} claimed={claimed} />
            </td>
            <td className={styles.now}>{says}</td>
            {reconstructed && <td className={styles.again}>{reconstructed.areas[id] ?? 'not measured'}</td>}
            <td className={styles.before}>{claimed === null ? 'nothing' : `${claimed} %`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bar({ score, claimed }: Pick<AreaCard, 'score' | 'claimed'>): ReactNode {
  return (
    <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.ground} y="3" width="100" height="6" />
      <rect className={styles.measured} y="3" width={score ?? 0} height="6" />
      {claimed !== null && (
        <>
          <rect className={styles.gap} x={claimed - 1} width="2" height="12" />
          <rect className={styles.claimed} x={claimed - 0.4} width="0.8" height="12" />
        </>
      )}
    </svg>
  )
}
