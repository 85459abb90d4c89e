import Link from '@docusaurus/Link'
import { useLocation } from '@docusaurus/router'
import type { ReactNode } from 'react'
import type { ProblemCard } from '../../plugin/index.ts'
import { useSiteData } from '../Procedure/site-data.ts'
import styles from './styles.module.css'

/** The problems of the handbook, those of this page first. A built site shows none. */
export default function Problems(): ReactNode {
  const { problems = [] } = useSiteData()
  const { pathname } = useLocation()
  const here = problems.filter(({ permalink }) => permalink === pathname.replace(/(?<=.)\/$/, ''))
  const elsewhere = problems.filter(problem => !here.includes(problem))
  if (problems.length === 0) return null
  const failed = hasErrors(problems)
  return (
    <aside className={styles.problems} aria-label="Problems of the handbook">
      {/* It opens on a page that has errors. The reader can close and open it until that changes. */}
      <details key={String(hasErrors(here))} open={hasErrors(here)}>
        <summary className={failed ? styles.failed : styles.warned} aria-live="polite">
          {count(problems)}
          {here.length > 0 && `, ${here.length} on this page`}
        </summary>
        <ul>
          {[...here, ...elsewhere].map(problem => (
            <Row key={`${problem.place} ${problem.message}`} problem={problem} />
          ))}
        </ul>
      </details>
    </aside>
  )
}

function Row({ problem }: { readonly problem: ProblemCard }): ReactNode {
  const { place, permalink, severity, message, found, expected, hint } = problem
  return (
    <li>
      <p className={styles.place}>
        {permalink ? <Link to={permalink}>{place}</Link> : place} {severity}
      </p>
      <p>{message}</p>
      <dl>
        <Fact name="found" text={found} />
        <Fact name="expected" text={expected} />
        <Fact name="hint" text={hint} />
      </dl>
    </li>
  )
}

function Fact({ name, text }: { readonly name: string; readonly text: string | undefined }): ReactNode {
  return (
    text !== undefined && (
      <div>
        <dt>{name}</dt>
        <dd>{text}</dd>
      </div>
    )
  )
}

function hasErrors(problems: readonly ProblemCard[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}

function count(problems: readonly ProblemCard[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  return [name(errors, 'error'), name(warnings, 'warning')].filter(Boolean).join(' and ')
}

function name(amount: number, word: string): string {
  return amount === 0 ? '' : `${amount} ${word}${amount === 1 ? '' : 's'}`
}
