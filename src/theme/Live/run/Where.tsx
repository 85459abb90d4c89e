import type { ReactNode } from 'react'
import type { ServedEnvironment } from '../../../wire/index.ts'
import controls from '../press/controls.module.css'
import styles from './RunHere.module.css'

/** The environment, as large as it is important. */
export function Where({ environment }: { readonly environment: ServedEnvironment }): ReactNode {
  return (
    <p className={styles.where}>
      <strong>{environment.name}</strong>
      {environment.lab && <span className={controls.practice}>practice</span>}
      <small>{environment.host}</small>
    </p>
  )
}
