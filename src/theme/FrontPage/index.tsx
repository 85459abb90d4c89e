import Link from '@docusaurus/Link'
import facts from '@generated/handbook/default/facts.json'
import guides from '@generated/handbook/default/guides.json'
import type { ReactNode } from 'react'
import styles from './styles.module.css'

/** What drills have proven and what the last assessment measured: three numbers, each with a link to its source. */
export function KnownFacts(): ReactNode {
  const { drills, readiness } = facts
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Drills proven</dt>
        <dd>
          {drills.proven} <small>of {drills.all}</small>
        </dd>
        <dd>
          {drills.latest === null ? 'There is no valid proof.' : `The newest proof is of ${drills.latest}.`}{' '}
          <Link to="/docs/operations#by-alert">By alert</Link>
        </dd>
      </div>
      {readiness && (
        <>
          <div>
            <dt>Readiness measured</dt>
            <dd>{readiness.score}</dd>
            <dd>
              by the weight of the items: {readiness.passed} of {readiness.items} pass, on {readiness.date}.{' '}
              <Link to="/docs/readiness">The scorecard</Link>
            </dd>
          </div>
          <div>
            <dt>Checks seen to fail</dt>
            <dd>
              {readiness.provenChecks} <small>of {readiness.checks}</small>
            </dd>
            <dd>
              when what they guard was broken. <Link to="/docs/contributing/write-a-check">How</Link>
            </dd>
          </div>
        </>
      )}
    </dl>
  )
}

/** The guides in the order of the sidebar, each with its purpose. */
export function Guides(): ReactNode {
  return (
    <ul className={styles.guides}>
      {guides.map(({ title, description, permalink }) => (
        <li key={permalink}>
          <Link to={permalink}>{title}</Link>
          <p>{description}</p>
        </li>
      ))}
    </ul>
  )
}
