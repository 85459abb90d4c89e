import type { ReactNode } from 'react'
import type { PhaseView } from '../../plugin/index.ts'
import styles from './Phase.module.css'
import { parseView } from './page-data.ts'

/** A phase that runs: its number, its name, and a rail that holds its steps together. */
export function Phase({ view, children }: { readonly view: string; readonly children: ReactNode }): ReactNode {
  const { name, number } = parseView<PhaseView>(view)
  return (
    <section className={styles.phase} data-phase={name}>
      <span className={`${styles.number} hb-not-searched`} aria-hidden="true">
        {number}
      </span>
      {children}
    </section>
  )
}
