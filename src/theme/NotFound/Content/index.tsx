import Link from '@docusaurus/Link'
import type { ReactNode } from 'react'
import RunbookList from '../../RunbookList/index.tsx'

/** The text for an address without a page. Somebody may have followed a link in an alert, so it lists the runbooks. */
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
