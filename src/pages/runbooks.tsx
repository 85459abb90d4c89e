import Layout from '@theme/Layout'
import type { ReactNode } from 'react'
import RunbookList from '../theme/RunbookList/index.tsx'
import styles from './index.module.css'

/** All runbooks, on a page of their own. */
export default function Runbooks(): ReactNode {
  return (
    <Layout title="Runbooks" description="Every runbook: by alert, by symptom, with what its drills have proven.">
      <main className={styles.page}>
        <header className={styles.head}>
          <h1>Runbooks</h1>
        </header>
        <RunbookList />
      </main>
    </Layout>
  )
}
