import Layout from '@theme/Layout'
import type { ReactNode } from 'react'
import { FollowSlot } from '../theme/Live/index.tsx'
import styles from './index.module.css'

/** A run that somebody began, in a browser or in a terminal. */
export default function Runs(): ReactNode {
  return (
    <Layout title="Follow a run" description="A run of this handbook, as it goes on." noFooter>
      <main>
        <FollowSlot otherwise={<NoServer />} />
      </main>
    </Layout>
  )
}

function NoServer(): ReactNode {
  return (
    <div className={styles.page}>
      <h1>Runs are followed where a server is</h1>
      <p>This copy of the handbook is read only. In a terminal, a run is read with:</p>
      <pre>
        <code>npx handbook runs show RUN</code>
      </pre>
    </div>
  )
}
