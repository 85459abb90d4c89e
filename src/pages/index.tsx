import Link from '@docusaurus/Link'
import useDocusaurusContext from '@docusaurus/useDocusaurusContext'
import Layout from '@theme/Layout'
import type { ReactNode } from 'react'
import { Guides, KnownFacts } from '../theme/FrontPage/index.tsx'
import { NowSlot } from '../theme/Live/index.tsx'
import RunbookList from '../theme/RunbookList/index.tsx'
import styles from './index.module.css'

/** The front page: for someone who was just paged. */
export default function FrontPage(): ReactNode {
  const { siteConfig } = useDocusaurusContext()
  return (
    <Layout description={siteConfig.tagline}>
      <main className={styles.page}>
        <NowSlot />
        <header className={styles.head}>
          <h1>What fires, or what do you see?</h1>
        </header>
        <div className={styles.columns}>
          <section id="runbooks" aria-label="Runbooks">
            <RunbookList />
          </section>
          <aside className={styles.aside}>
            <section aria-labelledby="paged-title">
              <h2 id="paged-title">You were paged</h2>
              <ol>
                <li>Acknowledge the page, so that nobody else is woken.</li>
                <li>Open the alert’s runbook: its link is in the alert, or type the alert’s name here.</li>
                <li>
                  <span className="hb-live">Run it there. It asks before it changes anything.</span>
                  <div className="hb-static">
                    Run it from a checkout of this handbook. It asks before it changes anything.
                    <pre>
                      <code>npx handbook run ALERT</code>
                    </pre>
                  </div>
                </li>
                <li>If it ends without a healed service, its section Escalate says whom to call.</li>
              </ol>
            </section>
            <section aria-labelledby="more-title">
              <h2 id="more-title">More than one page can heal</h2>
              <p>
                <Link to="/docs/incidents">Incident response</Link>: whom to call, how bad it is, who does what.
              </p>
              <p>
                <Link to="/docs/operations/troubleshooting">Troubleshooting</Link>, when you know no alert.
              </p>
            </section>
            <section className={styles.practice} aria-labelledby="practise-title">
              <h2 id="practise-title">You were not</h2>
              <p>Then practise. The lab stands up a whole deployment on your machine and breaks it for real.</p>
              <p>
                <Link to="/docs/start-here#practise-for-ten-minutes">Practise for ten minutes</Link>
              </p>
            </section>
          </aside>
        </div>
        <section className={`${styles.band} ${styles.practice}`} aria-labelledby="known-title">
          <h2 id="known-title">What is known to work</h2>
          <p>
            Every page here is also a program. Drills break a real deployment, let its alert fire and have the page heal
            it, or call somebody when nothing heals it, without losing anything that was acknowledged; each page says
            what they showed.
          </p>
          <KnownFacts />
        </section>
        <section className={styles.band} aria-labelledby="guides-title">
          <h2 id="guides-title">Guides</h2>
          <Guides />
        </section>
      </main>
    </Layout>
  )
}
