import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import RunbookList from '../../RunbookList/index.tsx'

/** There is no page here: whoever followed a link in an alert must not be left standing. */
export default function NotFoundContent(): ReactNode {
  return (
    <main className="container margin-vert--xl">
      <h1>There is no page at this address</h1>
      <p>
        If an alert brought you here, its runbook has moved: find it below by the alert’s name. Otherwise go to the{' '}
        <Link to="/">front page</Link>.
      </p>
      <RunbookList />
    </main>
  )
}
