import Layout from '@theme/Layout'
import type { ReactNode } from 'react'
import { IncidentSlot } from '../theme/Live/index.tsx'
import styles from './index.module.css'

/** An incident as it goes on, or those that were declared. */
export default function Incidents(): ReactNode {
  return (
    <Layout title="An incident" description="An incident of this handbook, as it goes on." noFooter>
      <main>
        <IncidentSlot otherwise={<NoServer />} />
      </main>
    </Layout>
  )
}

function NoServer(): ReactNode {
  return (
    <div className={styles.page}>
      <h1>Incidents are worked where a server is</h1>
      <p>This copy of the handbook is read only. In a terminal, an incident is declared and read with:</p>
      <pre>
        <code>{'npx handbook incident declare\nnpx handbook incident show'}</code>
      </pre>
    </div>
  )
}
